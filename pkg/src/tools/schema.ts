/** What schema libraries have in common (standardschema.dev): enough to check a value, and to describe it. */

/** A JSON Schema. */
export type JsonSchema = { readonly [member: string]: unknown };

/** A schema of any library that follows Standard Schema: Zod, Valibot, ArkType and others. */
export interface StandardSchema<Output = unknown> {
  /** What all of these libraries have. */
  readonly "~standard": {
    /** The version of Standard Schema. */
    readonly version: 1;
    /** The library's name. */
    readonly vendor: string;
    /** Checks a value. */
    readonly validate: (value: unknown) => Checked<Output> | Promise<Checked<Output>>;
    /** For the compiler alone: the types before and after the check. */
    readonly types?:
      | {
          /** What the schema takes. */
          readonly input: unknown;
          /** What it makes of it. */
          readonly output: Output;
        }
      | undefined;
    /** Of libraries that also write JSON Schema, as Zod does since 4.2. */
    readonly jsonSchema?:
      | {
          /** The schema of what is taken, in this draft of JSON Schema. */
          readonly input: (options: {
            /** The draft, such as `draft-2020-12`. */
            target: string;
          }) => Record<string, unknown>;
        }
      | undefined;
  };
}

/** What a schema says of a value. */
export type Checked<Output> =
  | {
      /** The value, as the schema makes it. */
      readonly value: Output;
      /** Nothing is wrong with it. */
      readonly issues?: undefined;
    }
  | {
      /** What is wrong with it. */
      readonly issues: readonly Issue[];
    };

/** What is wrong with a value, and where in it. */
export interface Issue {
  /** What is wrong, in words. */
  readonly message: string;
  /** The members that lead there, from the outermost on. */
  readonly path?:
    | readonly (
        | PropertyKey
        | {
            /** The member. */
            readonly key: PropertyKey;
          }
      )[]
    | undefined;
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
