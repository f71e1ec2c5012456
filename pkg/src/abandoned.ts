/** Gives back what nobody can reach any more. */

// Made by the first who needs it: where runtimes lack it, the client says so in its own words.
let registry: FinalizationRegistry<() => void> | undefined;

/** Once `owner` is collected as garbage, calls `giveBack`, which must not hold it. */
export function watch(owner: object, giveBack: () => void, token: object): void {
  registry ??= new FinalizationRegistry((run) => run());
  registry.register(owner, giveBack, token);
}

/** What was given back by hand is so no more. */
export function unwatch(token: object): void {
  registry?.unregister(token);
}
