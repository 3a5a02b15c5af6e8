import { analyze, evaluate, StatementError } from '../../src/partiql/public.ts'

const cars = [
  { vin: '1N4AL11D75C109151', year: 2021, owners: [{ name: 'Maria' }, { name: 'Peter' }] },
  { vin: 'KM8SRDHF6EU074761', year: 1988, owners: [] },
  { vin: '3HGGK5G53FM761765', owners: [{ name: 'Anna' }] }, // nobody knows the year
]

/** Rows out of nested data, without a ledger. */
export function owners(): { vin: string; owner: string }[] {
  return evaluate<{ vin: string; owner: string }[]>(
    `SELECT c.vin, o.name AS owner
     FROM cars AS c, c.owners AS o
     WHERE c.year >= ?
     ORDER BY owner`,
    { env: { cars }, parameters: [2000] },
  )
}

/** Permissive typing lets what is not there vanish; strict typing calls it an error. */
export function years(typing: 'permissive' | 'strict'): unknown {
  return evaluate('SELECT c.vin, c.year + 1 AS next FROM cars AS c', { env: { cars }, typing })
}

/** What is wrong with a query, and where, before anything runs. */
export function complaint(query: string): string {
  try {
    analyze(query, { env: { cars } })
    return 'nothing'
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
    return `${error.location?.line}:${error.location?.column} ${error.message}`
  }
}
