import { type Ledger, type Rows, sql } from '../../src/index.ts'
import type { Vehicle } from './model.ts'

export function searching(ledger: Ledger): (owner?: string, since?: number) => Rows<Vehicle> {
  const search = (owner?: string, since?: number) => ledger.sql<Vehicle>`
  SELECT v.* FROM Vehicle AS v
  WHERE ${owner === undefined ? sql`true` : sql`v.owner = ${owner}`}
    AND ${since === undefined ? sql`true` : sql`v.year >= ${since}`}
  ORDER BY v.year DESC`
  return search
}

export async function stream(ledger: Ledger): Promise<void> {
  const search = searching(ledger)
  for await (const car of search('Maria')) console.log(car.vin) // streams; break stops the scan
}

export async function forgottenTag(ledger: Ledger, name: string): Promise<void> {
  // @ts-expect-error a forgotten tag does not compile
  await ledger.sql(`SELECT * FROM Vehicle WHERE owner = '${name}'`)
}
