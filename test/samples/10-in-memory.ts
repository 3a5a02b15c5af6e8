import { openLedger } from '../../src/index.ts'

export async function sameRunSameHashes(randomness: (sizeBytes: number) => Uint8Array): Promise<Uint8Array> {
  await using ledger = await openLedger(':memory:', { clock: () => new Date('2026-01-01T00:00:00Z'), randomness }) // same run, same hashes

  await ledger.sql`CREATE TABLE Vehicle`
  await ledger.sql`INSERT INTO Vehicle ${{ vin: '1N4AL11D75C109151', owner: 'Maria', year: 2021 }}`
  return (await ledger.digest()).digest
}
