import { SchemaError, type SchemaIssue } from '../errors.ts'

/**
 * A schema of any library that speaks Standard Schema, version 1 (https://standardschema.dev), as zod, valibot and arktype
 * do: what of it is used here.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>
    /** Only types: never set. */
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
  }
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: readonly {
        readonly message: string
        readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
      }[]
    }

/** What may be handed to a schema. */
export type InputOf<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['input']

/** What a schema makes of it: defaults filled in, values converted. */
export type OutputOf<Schema extends StandardSchema> = NonNullable<Schema['~standard']['types']>['output']

export function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false
  const standard = (value as { '~standard'?: { validate?: unknown } })['~standard']
  return typeof standard === 'object' && standard !== null && typeof standard.validate === 'function'
}

/**
 * The document as the schema gives it back.
 *
 * @throws {SchemaError} SCHEMA_MISMATCH naming the first place that does not fit
 */
export async function validateDocument(tableName: string, schema: StandardSchema, document: unknown): Promise<unknown> {
  const result = await schema['~standard'].validate(document)
  if (result.issues === undefined) return result.value
  const issues: SchemaIssue[] = result.issues.map(({ message, path }) => ({ path: printPath(path ?? []), message }))
  throw new SchemaError(tableName, issues)
}

/** As PartiQL writes it: `owner`, `address.city`, `owners[1].name`. */
function printPath(path: readonly (PropertyKey | { readonly key: PropertyKey })[]): string {
  let text = ''
  for (const segment of path) {
    const key = typeof segment === 'object' ? segment.key : segment
    if (typeof key === 'number') text += `[${key}]`
    else text += text === '' ? String(key) : `.${String(key)}`
  }
  return text
}
