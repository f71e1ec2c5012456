/**
 * Tools that a model may call: declared once, run until the model has its answer.
 *
 * ```ts
 * import { PanguLM } from "pangulm";
 * import { runTools, tool } from "pangulm/tools";
 *
 * const weather = tool({
 *   name: "get_weather",
 *   description: "The weather in a city, now",
 *   parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
 *   run: ({ city }) => `sunny, 24 °C in ${city}`,
 * });
 * const messages = [{ role: "user" as const, content: "What is the weather in Guiyang?" }];
 * const answer = await runTools(new PanguLM(), { messages }, [weather]).finish();
 * ```
 *
 * @module pangulm/tools
 */

export { PanguLMError } from "../errors.js";
export { type RunEvent, type RunOptions, runTools, ToolRun } from "./run.js";
export type { Checked, Issue, JsonSchema, StandardSchema } from "./schema.js";
export { type AnyTool, tool, type ToolContext, type ToolDefinition } from "./tool.js";
