/** A visit to the playground, in a real browser on the emulator. */

import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { launchBrowser } from "./browser.mjs";
import { startEmulator } from "./emulator.mjs";
import { stageSite } from "./site.mjs";

/** What all visits of a test file share. */
export class Playground {
  static async start() {
    const site = await stageSite();
    const emulator = await startEmulator("--site", site, "--seed", "demo");
    return new Playground(site, emulator, await launchBrowser());
  }

  constructor(site, emulator, browser) {
    Object.assign(this, { site, emulator, browser });
  }

  async stop() {
    await this.browser.close();
    await this.emulator.stop();
    await rm(this.site, { recursive: true });
  }

  /** Opens a try, such as `vision/detect`, in English and on a wide screen unless `options` say otherwise. */
  async visit(address = "", options = {}) {
    const context = await this.browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const visit = new Visit(page, this.emulator.info.url);
    await page.goto(`${this.emulator.info.url}/site/playground/#${address}`);
    await page.locator("[data-ready]").waitFor();
    return visit;
  }
}

class Visit {
  /** What the page has complained about: errors, and breaches of its policy. */
  #complaints = [];
  /** What it has loaded from elsewhere. */
  #elsewhere = [];

  constructor(page, home) {
    this.page = page;
    page.on("pageerror", ({ message }) => this.#complaints.push(message));
    page.on("console", (message) => {
      // That an answer is an error is told by the browser itself, and by the page in its own words.
      const ofAnAnswer = message.text().startsWith("Failed to load resource");
      if (["error", "warning"].includes(message.type()) && !ofAnAnswer) this.#complaints.push(message.text());
    });
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== home && protocol.startsWith("http")) this.#elsewhere.push(request.url());
    });
  }

  run() {
    return this.page.getByRole("button", { name: "Run", exact: true }).click();
  }

  ended() {
    return this.page.locator('.result[aria-busy="false"]').waitFor();
  }

  /** What is drawn of the answer, in one line. */
  async answer() {
    return (await this.page.locator(".result .body").innerText()).replaceAll(/\s+/g, " ");
  }

  code() {
    return this.page.locator(".code code").textContent();
  }

  errors() {
    return this.page.locator(".error:not([hidden])").count();
  }

  /** Goes to another try. */
  async go(address) {
    await this.page.evaluate((address) => (location.hash = address), address);
    await this.page.locator(`#try-${address.split("/")[1]}`).waitFor();
  }

  /** Every try there is. */
  async addresses() {
    const hashes = (list) => this.page.locator(`${list} a`).evaluateAll((links) => links.map(({ hash }) => hash));
    const found = [];
    for (const area of await hashes("#areas")) {
      await this.page.locator(`#areas [href="${area}"]`).click();
      await this.page.locator(`#areas [href="${area}"][aria-current]`).waitFor();
      found.push(...(await hashes(".tries")));
    }
    return found.map((hash) => hash.slice(1));
  }

  async fits(what) {
    const overflow = await this.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${what} is ${overflow} pixels too wide`);
  }

  /** Ends the visit, of which the browser must have had nothing to complain. */
  async end() {
    await this.page.context().close();
    assert.deepEqual(this.#complaints, []);
    assert.deepEqual(this.#elsewhere, []);
  }
}

/** An image file of 64 x 48 pixels of one colour. */
export const GREY = {
  name: "grey.png",
  mimeType: "image/png",
  buffer: Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwCAIAAAAuKetIAAAAQ0lEQVR42u3PQQkAAAgEsItmFCMZ2Qp+hcEKLNXzWgQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQErhaAX0DTAer7iAAAAABJRU5ErkJggg==",
    "base64",
  ),
};
