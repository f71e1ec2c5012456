import { EventStream, type StreamParts } from "./stream.js";
import type { RunOutcome } from "./types.js";

/**
 * The run of an agent or a workflow: an async iterable of its events.
 *
 * ```ts
 * for await (const { event, content } of run) if (event === "message") process.stdout.write(String(content));
 * const { end_confirmed } = await run.finish();
 * ```
 */
export class Run<Event> extends EventStream<Event, RunOutcome> {
  /** The conversation's id: the one of the request, or the one made up for it. */
  readonly conversationId: string;

  /** @internal */
  constructor(parts: StreamParts, conversationId: string) {
    super(parts);
    this.conversationId = conversationId;
  }
}
