/** What schema libraries have in common (standardschema.dev): enough to check a value, and to describe it. */

/** A JSON Schema. */
export type JsonSchema = { readonly [member: string]: unknown };

/** A schema of any library that follows Standard Schema: Zod, Valibot, ArkType and others. */
export interface StandardSchema<Output = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => Checked<Output> | Promise<Checked<Output>>;
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
    /** Of libraries that also write JSON Schema, as Zod does since 4.2. */
    readonly jsonSchema?: { readonly input: (options: { target: string }) => Record<string, unknown> } | undefined;
  };
}

/** What a schema says of a value. */
export type Checked<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] };

/** What is wrong with a value, and where in it. */
export interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** @internal */
export function isStandard(schema: object): schema is StandardSchema {
  return "~standard" in schema;
}

/** @internal The schema as JSON Schema; nothing if its library does not write that. */
export function written(schema: StandardSchema): JsonSchema | undefined {
  const json = schema["~standard"].jsonSchema?.input({ target: "draft-2020-12" });
  if (json === undefined) return undefined;
  // It says which draft this is, which no example of a tool has.
  const { $schema: _, ...rest } = json;
  return rest;
}

/** @internal What is wrong, in a line for the model. */
export function told(issues: readonly Issue[]): string {
  const one = ({ message, path = [] }: Issue) => {
    const names = path.map((step) => String(typeof step === "object" ? step.key : step));
    return names.length === 0 ? message : `${names.join(".")}: ${message}`;
  };
  return issues.map(one).join("; ");
}
