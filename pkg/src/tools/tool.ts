/** What a tool is, and what happens when the model calls it. */

import { localError, type PanguLMError } from "../errors.js";
import type { Tool, ToolCall } from "../types.js";
import { isStandard, type JsonSchema, type StandardSchema, told, written } from "./schema.js";

/** What a tool is told beside its arguments. */
export interface ToolContext {
  /** Fires when the run ends early: by its signal, by an error, or because nobody reads on. */
  readonly signal: AbortSignal;
  /** The call as the model wrote it. */
  readonly call: ToolCall;
}

/** A function that the model may call. */
export interface ToolDefinition<Arguments> {
  /** The name that the model calls it by. */
  name: string;
  /** When and why to call it, for the model. */
  description?: string;
  /**
   * What it takes: a JSON Schema, or a schema of a library that writes JSON Schema by itself, such as
   * Zod since 4.2. By the latter arguments are also checked, and typed. Default: no arguments.
   */
  parameters?: JsonSchema | StandardSchema<Arguments>;
  /** Checks the arguments, where `parameters` is a JSON Schema: any Standard Schema. Default: none does. */
  validate?: StandardSchema<Arguments>;
  /**
   * Does the work. A text goes to the model as it is, anything else as JSON. The arguments are the
   * model's words: nothing has checked them but the schema.
   */
  run(given: Arguments, context: ToolContext): unknown;
}

/** A tool, whatever its arguments are. */
export type AnyTool = ToolDefinition<any>;

/**
 * Declares a tool; its arguments are typed by its schema.
 *
 * ```ts
 * const weather = tool({
 *   name: "get_weather",
 *   description: "The weather in a city, now",
 *   parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
 *   run: ({ city }: { city: string }) => `sunny, 24 °C in ${city}`,
 * });
 * ```
 */
export function tool<Arguments = any>(definition: ToolDefinition<Arguments>): ToolDefinition<Arguments> {
  return definition;
}

/** @internal What a call came to. */
export interface Result {
  /** What the model is told. */
  content: string;
  error?: unknown;
  /** Whose fault an error is. */
  fault?: "model" | "tool";
}

/** @internal Tools by their names. */
export class Toolbox {
  /** As they are described to the model. */
  readonly described: Tool[];
  readonly #tools = new Map<string, { run: AnyTool["run"]; schema: StandardSchema | undefined }>();

  constructor(tools: readonly AnyTool[]) {
    this.described = tools.map((one) => this.#add(one));
  }

  #add({ name, description, parameters, validate, run }: AnyTool): Tool {
    if (typeof name !== "string" || name === "") throw invalid("name", "of a tool must be a text");
    if (this.#tools.has(name)) throw invalid("tools", `two of them are called ${name}`);
    if (typeof run !== "function") throw invalid(`${name}.run`, "must be a function");
    const standard = parameters !== undefined && isStandard(parameters) ? parameters : undefined;
    const json = standard === undefined ? (parameters as JsonSchema | undefined) : written(standard);
    if (standard !== undefined && json === undefined) {
      const { vendor } = standard["~standard"];
      const remedy = "give its JSON Schema as parameters, and the schema itself as validate";
      throw invalid(`${name}.parameters`, `this schema of ${vendor} does not write JSON Schema`, remedy);
    }
    this.#tools.set(name, { run, schema: validate ?? standard });
    return {
      type: "function",
      function: { name, ...(description !== undefined && { description }), ...(json !== undefined && { parameters: { ...json } }) },
    };
  }

  /** Runs what the model calls. Mistakes are results too: the model can do better when it is told. */
  async call(call: ToolCall, signal: AbortSignal): Promise<Result> {
    const { name = "", arguments: text = "" } = call.function ?? {};
    const tool = this.#tools.get(name);
    if (tool === undefined) return mistake(`there is no tool ${name}; there are ${[...this.#tools.keys()].join(", ")}`);
    let given: unknown;
    try {
      // Of a tool that takes nothing, models say nothing.
      given = text.trim() === "" ? {} : JSON.parse(text);
    } catch (error) {
      return mistake(`the arguments are no JSON: ${messageOf(error)}`, error);
    }
    try {
      const checked = await tool.schema?.["~standard"].validate(given);
      if (checked?.issues !== undefined) return mistake(`the arguments do not fit: ${told(checked.issues)}`);
      return { content: asText(await tool.run(checked === undefined ? given : checked.value, { signal, call })) };
    } catch (error) {
      return { content: `the tool failed: ${messageOf(error)}`, error, fault: "tool" };
    }
  }
}

function mistake(content: string, cause?: unknown): Result {
  return { content, error: localError("unexpected_answer", `the model called a tool wrongly: ${content}`, {}, cause), fault: "model" };
}

/** No message may be empty. */
function asText(value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  return JSON.stringify(value ?? null);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** @internal */
export function invalid(field: string, what: string, remedy?: string): PanguLMError {
  const detail = `${field}: ${what}`;
  return localError("invalid_input", remedy === undefined ? detail : `${detail}; ${remedy}`, {
    detail,
    field,
    is: ["invalidInput"],
    ...(remedy !== undefined && { remedy }),
  });
}
