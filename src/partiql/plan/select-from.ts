import type * as syntax from '../syntax/nodes.ts'

/** `SELECT projection FROM source AS alias`, for what the language says in a shorter way. */
export function selectFrom(
  projection: syntax.Projection,
  source: syntax.Expression,
  alias: syntax.Identifier | undefined,
): syntax.Select {
  const { location } = source
  return {
    kind: 'select',
    location,
    quantifier: undefined,
    projection,
    from: { kind: 'scan', source, asOf: undefined, alias, at: undefined, by: undefined, location },
    exclude: [],
    lets: [],
    where: undefined,
    groupBy: undefined,
    having: undefined,
    windows: [],
  }
}
