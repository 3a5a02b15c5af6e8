import type { Ledger, Table } from '../../src/index.ts'
import { Vehicle } from './model.ts'

export async function life(cars: Table<Vehicle>, id: string): Promise<void> {
  for await (const revision of cars.history(id)) {
    console.log(revision.version, revision.txTime, revision.diff()) // [{ path: 'owner', before: 'Maria', after: 'Ines' }]
  }
}

export async function newYearsEve(ledger: Ledger): Promise<Vehicle | undefined> {
  const newYear = ledger.asOf(new Date('2026-01-01T00:00:00Z')) // or a block number
  const then = await newYear.table(Vehicle).find({ vin: '1N4AL11D75C109151' })
  return then
}
