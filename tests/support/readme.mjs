/** Reads what the READMEs and the headers of examples tell a user to type. */

/** The variables of all lines `export NAME=value …`, a comment's or a code block's. */
export function exportsIn(text) {
  const lines = text.match(/^(?: \* +)?export .*/gm) ?? [];
  return Object.fromEntries(lines.flatMap((line) => [...line.matchAll(/(\w+)=(\S+)/g)].map(([, name, value]) => [name, value])));
}

/** The same, for an emulator on another port than the one in print. */
export function onEmulator(emulator, variables) {
  const put = (value) => value.replace("http://127.0.0.1:8787", emulator.info.url);
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, put(value)]));
}

/** The fenced blocks of a Markdown text, in their order. */
export function blocksIn(markdown) {
  return [...markdown.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language, code]) => ({ language, code }));
}
