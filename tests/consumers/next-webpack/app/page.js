import * as pangulm from "pangulm";
import * as signer from "pangulm/signer";
import { info } from "../support/emulator.mjs";
import { story } from "../support/story.mjs";

export const dynamic = "force-dynamic";

/** A server component. */
export default async function Page() {
  await story(pangulm, signer, info);
  return <p>kept</p>;
}
