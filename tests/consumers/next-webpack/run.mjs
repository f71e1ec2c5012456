import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { bundler, routes } from "./bundler.mjs";
import { inChromium, inFirefox } from "./support/browser.mjs";
import { info } from "./support/emulator.mjs";
import { run } from "./support/run.mjs";

process.env.NEXT_TELEMETRY_DISABLED = "1";
await run("next", "build", bundler);

const server = spawn("node_modules/.bin/next", ["start", "-H", "127.0.0.1", "-p", "0"], { stdio: ["ignore", "pipe", "inherit"] });
try {
  const address = await started();
  await answers("a server component", await fetch(address), /kept/);
  for (const route of routes) {
    const answer = await fetch(`${address}/api/${route}`, { method: "POST", body: JSON.stringify(info) });
    await answers(`the route ${route}`, answer, /^kept$/);
  }
  await inChromium(`${address}/client`);
  await inFirefox(`${address}/client`);
} finally {
  server.kill();
}

/** The address that the server says it has. */
async function started() {
  for await (const line of createInterface({ input: server.stdout })) {
    const [address] = line.match(/http:\S+/) ?? [];
    if (address) return address;
  }
  throw new Error("the server ended");
}

async function answers(who, answer, expected) {
  const text = await answer.text();
  if (!answer.ok || !expected.test(text)) throw new Error(`${who} answers ${answer.status}: ${text}`);
}
