import type { Kept, PageFacts } from "./boundary.js";
import type { PanguLM } from "./client.js";
import { localError } from "./errors.js";
import type { CallOptions } from "./options.js";
import { pairs } from "./parameters.js";

/** The items of a list, in pages or whole: a page is got when its first item is wanted. */
export async function* items<T>(
  client: PanguLM,
  operation: string,
  parameters: object,
  options: CallOptions,
): AsyncGenerator<T, void, undefined> {
  const engine = await client._ready();
  const question = { ask: "pages", text: operation, parameters: pairs(parameters).flat() };
  const pages = engine.other((await engine.askAny<Kept>(question)).held);
  try {
    for (;;) {
      const facts = pages.ask<Partial<PageFacts>>({ ask: "next" });
      if (facts.items === undefined) return;
      const { outcome } = await client._call(operation, { ...parameters, ...facts.parameters }, undefined, options);
      const page = at(outcome.json, facts.items);
      if (!Array.isArray(page)) {
        throw localError("unexpected_answer", `${operation}: the answer holds no list of items at ${facts.items}`, { operation });
      }
      const total = facts.total === undefined ? undefined : at(outcome.json, facts.total);
      pages.ask({ ask: "advance", items: page.length, total });
      yield* page as T[];
    }
  } finally {
    pages.free();
  }
}

/** The value at a JSON pointer without escapes. */
function at(value: unknown, pointer: string): unknown {
  const names = pointer.split("/").slice(1);
  return names.reduce((inner, name) => (inner as Record<string, unknown> | undefined | null)?.[name], value);
}
