/** The name that was meant by a wrong one, if one is near: `timout`, `time_out` and `timeouts` mean `timeout`. */
export function nearest(wrong: string, names: string[]): string | undefined {
  const scored = names.map((name): [number, string] => [likeness(wrong, name), name]);
  const [score, best] = scored.sort(([left], [right]) => right - left)[0] ?? [0];
  return score > 0.6 ? best : undefined;
}

/** From 0 to 1: the part of their pairs of letters that two names share, of both together. */
function likeness(left: string, right: string): number {
  const [ours, theirs] = [pairs(left), pairs(right)];
  return (2 * ours.filter((pair) => theirs.includes(pair)).length) / (ours.length + theirs.length);
}

function pairs(name: string): string[] {
  const letters = name.toLowerCase().replace(/[^a-z0-9]/g, "");
  return [...letters].slice(1).map((letter, at) => letters[at] + letter);
}
