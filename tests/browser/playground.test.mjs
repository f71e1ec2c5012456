/** What the playground's page promises, in a real browser on the emulator. Its tries have a file of their own. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { GREY, Playground } from "../support/playground.mjs";
import { MODELS, PLATFORM, TRIES } from "../support/playground-tries.mjs";

let playground;

before(async () => (playground = await Playground.start()));
after(() => playground?.stop());

/** A test of one visit, of which the browser must have had nothing to complain. */
function visiting(name, [address, options], body) {
  test(name, async () => {
    const visit = await playground.visit(address, options);
    await body(visit.page, visit);
    await visit.end();
  });
}

const ERROR = ".error";

visiting("no try of the page is left untested", [""], async (_page, visit) => {
  const tested = Object.keys(TRIES).filter((address) => [...MODELS, ...PLATFORM].includes(address.split("/")[0]));
  assert.deepEqual((await visit.addresses()).sort(), tested.sort());
});

visiting("V2 answers too, with its train of thought folded and its tokens counted", ["chat/ask"], async (page, visit) => {
  await page.getByLabel("Interface").selectOption("V2");
  await page.getByLabel("Reasoning").check();
  await visit.run();
  await visit.ended();
  assert.ok(await page.locator(".thought p").isHidden());
  await page.getByText("Train of thought").click();
  assert.match(await page.locator(".thought p").innerText(), /emulator/);
  assert.ok(Number(await page.locator(".total-tokens").innerText()) > 20);
});

for (const [name, stop] of [
  ["its button", (page) => page.getByRole("button", { name: "Stop" }).click()],
  ["Escape", (page) => page.keyboard.press("Escape")],
]) {
  visiting(`${name} stops a stream at once, and what has come stays`, ["chat/ask"], async (page, visit) => {
    // A fault that the list does not offer: an answer that falls silent.
    await page.getByLabel("Let it fail by").evaluate((select) => select.append(new Option("stall", "stall-after=5")));
    await page.getByLabel("Let it fail by").selectOption("stall-after=5");
    await visit.run();
    await page.locator(".speech:not(:empty)").waitFor();
    await stop(page);
    await visit.ended();
    assert.match(await page.locator(".state").innerText(), /Stopped/);
    assert.equal(await visit.errors(), 0);
    assert.match(await page.locator(".raw pre").textContent(), /You/);
  });
}

visiting(
  "a failure says what happened, what to do and what to tell support, and the code asks for it",
  ["tokens/count"],
  async (page, visit) => {
    await page.getByLabel("Let it fail by").selectOption("status=401");
    await visit.run();
    await visit.ended();
    const error = page.locator(ERROR);
    assert.equal(await error.locator(".message").innerText(), "Authentication failed.");
    assert.match(await error.locator(".remedy").innerText(), /Check the credential/);
    assert.equal(await error.locator(".error-code").innerText(), "PANGU.0011");
    assert.match(await error.locator(".request-id").innerText(), /^\w{32}$/);
    assert.match(await visit.code(), /"x-emulator-fault": "status=401"/);
  },
);

visiting("every failure on offer is met with an error in words", ["chat/ask"], async (page, visit) => {
  const faults = await page.locator("[name=fault] option").evaluateAll((options) => options.map(({ value }) => value));
  for (const fault of faults.filter((fault) => fault !== "")) {
    await page.locator("[name=fault]").selectOption(fault);
    await visit.run();
    await visit.ended();
    assert.match(await page.locator(".error .message").innerText(), /\w+ \w+/, fault);
    assert.match(await page.locator(".error .kind").innerText(), /^\w+$/, fault);
  }
});

visiting("what is refused before anything is sent names the field", ["series/anomalies"], async (page, visit) => {
  await page.getByLabel("Series").fill("1, 2, 3");
  await visit.run();
  await visit.ended();
  assert.match(await page.locator(ERROR).innerText(), /pressure/);
  assert.equal(await page.locator(".sent li").count(), 0);
});

visiting("nonsense in a field is told at the field, and nothing is sent", ["tables/classify"], async (page, visit) => {
  await page.getByLabel("Rows").fill("[{");
  await visit.run();
  assert.match(await page.getByLabel("Rows").evaluate((field) => field.validationMessage), /not JSON/);
  assert.equal(await page.locator(".sent li").count(), 0);
});

visiting("an image of the visitor's own is looked at", ["vision/detect"], async (page, visit) => {
  await page.locator('input[type="file"]').setInputFiles(GREY);
  await page.locator('.preview[src^="blob:"]').evaluate((image) => image.decode());
  await visit.run();
  await visit.ended();
  assert.equal(await page.locator(".picture svg").getAttribute("viewBox"), "0 0 64 48");
  assert.ok((await page.locator(".picture rect").count()) > 0);
});

visiting(
  "every operation that answers whole can be called by its id, with values filled in",
  ["request/request"],
  async (page, visit) => {
    const read = async (name) => JSON.parse(await readFile(join(playground.site, "openapi", `${name}.json`), "utf8"));
    const nodes = [await read("pangulm"), await read("iam")].flatMap(({ paths }) =>
      Object.values(paths).flatMap(Object.values),
    );
    const all = nodes.flatMap(({ operationId }) => operationId ?? []);
    const offered = await page
      .locator("#try-request [name=operation] option")
      .evaluateAll((options) => options.map(({ value }) => value));
    // Agents answer with streams and in no other way.
    assert.deepEqual(
      all.filter((id) => !offered.includes(id)),
      ["runAgent", "runAgentLegacy"],
    );
    for (const id of [
      "listDataLineages",
      "detectObjectsS2",
      "createChatCompletionV2",
      "showUser",
      "getWeatherTask",
      "planSearch",
      "listGroupRolesOnProject",
    ]) {
      await page.getByLabel("Operation").selectOption(id);
      await visit.run();
      await visit.ended();
      assert.equal(await visit.errors(), 0, `${id}: ${await page.locator(ERROR).textContent()}`);
      assert.match(await page.locator(".facts .status").innerText(), /^20\d$/);
      assert.ok((await visit.code()).includes(`client.request("${id}"`), id);
    }
  },
);

visiting(
  "the code can be copied",
  ["tokens/count", { permissions: ["clipboard-read", "clipboard-write"] }],
  async (page, visit) => {
    await page.getByRole("button", { name: "Copy" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await visit.code());
  },
);

visiting("what was answered is still there after a look at another area", ["tokens/count"], async (page, visit) => {
  await visit.run();
  await visit.ended();
  await page.getByRole("link", { name: "IAM" }).click();
  await page.locator("#try-lists").waitFor();
  await page.getByRole("link", { name: "Token counting" }).click();
  await page.locator("#try-count").waitFor();
  assert.match(await visit.answer(), /tokens/);
});

visiting(
  "the page speaks the browser's language and switches on demand, samples included",
  ["chat/ask", { locale: "zh-CN" }],
  async (page, visit) => {
    // A try that is out of sight at the switch.
    await visit.go("text/complete");
    await visit.go("chat/ask");
    assert.equal(await page.locator("html").getAttribute("lang"), "zh");
    assert.equal(await page.getByLabel("问题").inputValue(), "介绍一下长江");
    await page.getByLabel("系统提示").fill("mine");
    await page.getByRole("button", { name: "Switch to English" }).click();
    assert.equal(await page.getByLabel("Question").inputValue(), "Tell me about the Yangtze");
    assert.equal(await page.getByLabel("System").inputValue(), "mine");
    assert.match(await visit.code(), /Tell me about the Yangtze/);
    await visit.go("text/complete");
    assert.equal(await page.getByLabel("Beginning").inputValue(), "The Yangtze is");
    await page.getByRole("link", { name: "Video" }).click();
    await page.locator("#try-text").waitFor();
    assert.match(await page.title(), /^Video/);
  },
);

for (const [locale, colorScheme] of [
  ["en-US", "light"],
  ["zh-CN", "dark"],
]) {
  const narrow = { locale, colorScheme, viewport: { width: 360, height: 640 } };
  visiting(
    `every try fits a screen of 360 pixels, before and after its answer (${locale}, ${colorScheme})`,
    ["", narrow],
    async (page, visit) => {
      for (const address of await visit.addresses()) {
        await visit.go(address);
        await visit.fits(address);
        // Jobs take their time, a question waits for its answer; the other tries show the same things.
        if (/^(science|video|supply-chain\/inference|workflows\/run)/.test(address)) continue;
        await page.locator(".run").click();
        await visit.ended();
        await visit.fits(`${address}, answered,`);
      }
    },
  );
}

visiting(
  "a job fits a screen of 360 pixels",
  ["science/tasks", { viewport: { width: 360, height: 640 } }],
  async (page, visit) => {
    await visit.run();
    await visit.ended();
    await visit.fits("science/tasks");
  },
);

visiting(
  "the keyboard alone does: past the areas, through the form, and to the answer",
  ["tokens/count"],
  async (page, visit) => {
    const focused = (member) => page.evaluate((member) => document.activeElement[member], member);
    await page.keyboard.press("Tab");
    assert.equal(await focused("className"), "skip");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.equal(await focused("name"), "data");
    for (let steps = 0; steps < 10 && (await focused("className")) !== "run"; steps += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await visit.ended();
    assert.match(await visit.answer(), /tokens/);
  },
);

visiting("every field has a name", [""], async (page, visit) => {
  for (const address of await visit.addresses()) {
    await visit.go(address);
    const nameless = await page
      .locator("main :is(input, select, textarea)")
      .evaluateAll((fields) =>
        fields.filter(({ labels, ariaLabel }) => labels.length === 0 && !ariaLabel).map(({ name }) => name),
      );
    assert.deepEqual(nameless, [], address);
  }
});

visiting("the page says that its answers are made up, and is a step from the chat page", [""], async (page) => {
  assert.match(await page.locator("#emulated").innerText(), /answers are made up/);
  await page.getByRole("link", { name: "Chat page" }).click();
  await page.getByRole("link", { name: "playground" }).click();
  await page.locator("[data-ready]").waitFor();
});
