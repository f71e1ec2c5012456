export { answer as POST } from "../../../answer.mjs";
