import { test } from "vitest";
import * as pangulm from "pangulm";
import * as signer from "pangulm/signer";
import { info } from "./support/emulator.mjs";
import { story } from "./support/story.mjs";

test("the story is kept", () => story(pangulm, signer, info), 60_000);
