/** Parameters as the engine takes them. */

/** A list of values becomes a repeated parameter; what is not given is left out. */
export function pairs(parameters: object): [string, string][] {
  return Object.entries(parameters).flatMap(([name, value]) =>
    [value].flat().filter((one) => one !== undefined && one !== null).map((one): [string, string] => [name, String(one)]),
  );
}
