export { answer as POST } from "../../../answer.mjs";

export const runtime = "edge";
