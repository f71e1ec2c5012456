import * as pangulm from "pangulm";
import * as signer from "pangulm/signer";
import { story } from "./support/story.mjs";

export default {
  async fetch(request) {
    try {
      await story(pangulm, signer, await request.json());
      return new Response("kept");
    } catch (error) {
      return new Response(`${error}\n${error?.stack}`, { status: 500 });
    }
  },
};
