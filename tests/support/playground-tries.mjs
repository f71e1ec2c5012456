/** The tries of the playground, and what is promised of each. */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { GREY, Playground } from "./playground.mjs";

/** Every try: its address, what is in its answer, and what a visitor has to do in between. */
export const TRIES = {
  "chat/ask": [/^You asked: “Tell me about the Yangtze”/],
  "chat/tools": [/get_weather.*sunny, 24 °C.*The tool said/],
  "text/complete": [/The Yangtze is/],
  "tokens/count": [/^\d+ tokens/],
  "search/embed": [/How long is the Yangtze\? 0\.\d+.*64 numbers/],
  "search/rerank": [/"query":"长江有多长"/],
  "search/plan": [/./],
  "vision/detect": [/car 94 %.*3 found/],
  "vision/classify": [/car/],
  "vision/segment": [/Every pixel has a class/],
  "vision/instances": [/\d+ found/],
  "vision/open-set": [/\d+ found/],
  "vision/detect-s3": [/\d+ found/],
  "series/forecast": [/given.*forecast/],
  "series/zero-shot": [/given.*forecast/],
  "series/anomalies": [/stand out: [1-9]/],
  "series/anomalies-v2": [/stand out: 7/],
  "series/classify": [/class \d/],
  "tables/classify": [/age.*class.*sure.*41/],
  "tables/regress": [/predicted/],
  "tables/predict": [/price.*90.*173/],
  "tables/anomalies": [/probability/],
  "tables/importance": [/visits/],
  "tables/explain": [/Row 1.*spent/],
  "science/weather": [/PENDING.*SUCCEEDED.*results/],
  "science/ocean": [/SUCCEEDED/],
  "science/tasks": [/running \d+ %.*finished/],
  "science/resume": [/FAILED/],
  "supply-chain/items": [/空调/],
  "supply-chain/weights": [/价格 0\.364/],
  "supply-chain/inference": [/completed.*推理完成/],
  "supply-chain/predictions": [/^$/],
  "video/text": [/\.mp4/],
  "video/image": [/\.mp4/],
  "video/extend": [/\.mp4/],
  "agents/ask": [/plugin_start.*You asked: “What is the weather.*And tomorrow\?.*You asked: “And tomorrow/],
  "workflows/run": [/When should that be\?.*at three.*You asked: “Book a meeting room – at three”/, reply],
  "workflows/stream": [/You asked/],
  "data/lineages": [/rivers.*river-questions-clean/],
  "data/delete": [/It is deleted/],
  "iam/lists": [/demo-analyst/],
  "iam/colleague": [/user made.*access key given/],
  "iam/members": [/demo-/],
  "obs/list": [/rivers\/questions\.jsonl/],
  "obs/put": [/Stored as train/],
  "obs/get": [/长江有多长/],
  "obs/share": [/长江有多长/],
  "obs/delete": [/is not there any more/],
  "request/request": [/token_number 10/],
};
/** The areas, in two files: one is to end within the time that a file has. */
export const MODELS = ["chat", "text", "tokens", "search", "vision", "series", "tables"];
export const PLATFORM = ["science", "supply-chain", "video", "agents", "workflows", "data", "iam", "obs", "request"];

/** These end in an error, which is what they show. */
const FAILING = ["science/resume"];

async function reply(page) {
  await page.getByRole("textbox", { name: "Answer" }).fill("at three");
  await page.getByRole("button", { name: "Answer" }).click();
}

/** Tests every try of these areas. */
export function tryAll(areas) {
  let playground;
  before(async () => (playground = await Playground.start()));
  after(() => playground?.stop());

  // Jobs take their time, so several are waited for at once.
  describe("a try", { concurrency: 4 }, () => {
    for (const [address, [expected, act]] of Object.entries(TRIES)) {
      if (!areas.includes(address.split("/")[0])) continue;
      test(`${address}: an answer, its facts, and code that does the same`, async () => {
        const failing = FAILING.includes(address);
        const visit = await playground.visit(address);
        const { page } = visit;
        await visit.run();
        await act?.(page);
        await visit.ended();
        assert.match(await visit.answer(), expected);
        assert.equal(await visit.errors(), failing ? 1 : 0);
        assert.match(await page.locator(".facts .time").innerText(), /^\d+(\.\d)? m?s$/);
        if (!failing) {
          assert.match(await page.locator(".facts .status").innerText(), /^20\d$/);
          assert.match(await page.locator(".facts .request-id").innerText(), /^\w{32}$/);
        }
        assert.ok((await page.locator(".sent li").count()) > 0);
        await visit.fits(address);
        await runShown(await visit.code(), page.context(), playground.emulator.info.url, failing);
        await visit.end();
      });
    }
  });
}

/** Runs code as a page of its own would, where `pangulm` is what a bundler would take for it. */
async function runShown(code, context, url, failing) {
  const page = await context.newPage();
  const said = [];
  page.on("console", (message) => said.push(message.text()));
  page.on("dialog", (dialog) => dialog.accept("at three"));
  await page.goto(`${url}/_emulator/info`);
  await page.setContent('<input type="file">');
  await page.setInputFiles("input", GREY);
  // Names are taken once; the playground has taken this one.
  const ended = await page.evaluate(runModule, [`${url}/site/dist`, code.replaceAll(/colleague-\d+/g, "$&-too")]);
  await page.close();
  assert.equal(ended === "well", !failing, `${ended}\n${code}`);
  assert.ok(said.length > 0, `it says nothing:\n${code}`);
}

/** Runs in the page, and tells how it went. */
function runModule([dist, code]) {
  const imports = {
    pangulm: `${dist}/browser.js`,
    "pangulm/obs": `${dist}/obs/browser.js`,
    "pangulm/tools": `${dist}/tools/index.js`,
  };
  const add = (type, textContent) =>
    document.head.append(Object.assign(document.createElement("script"), { type, textContent }));
  return new Promise((resolve) => {
    globalThis.ended = () => resolve("well");
    addEventListener("error", ({ message }) => resolve(message));
    addEventListener("unhandledrejection", ({ reason }) => resolve(String(reason)));
    add("importmap", JSON.stringify({ imports }));
    add("module", `${code}\nended();`);
  });
}
