import { Decimal, type Ledger } from '../../src/index.ts'
import { encodeProofFile } from '../../src/verify/index.ts'

/** Enough of everything for trees of several pages: two tables, an index, updates, deletions, a large document. */
export async function fill(ledger: Ledger): Promise<void> {
  await ledger.sql`CREATE TABLE Vehicle`
  await ledger.sql`CREATE INDEX ON Vehicle (vin)`
  for (let group = 0; group < 6; group++) {
    const documents = Array.from({ length: 20 }, (_, n) => ({
      vin: `V${group}-${n}`,
      owner: ['Maria', 'Ines', 'Peter'][n % 3],
      price: new Decimal(`${n}.50`),
      notes: 'n'.repeat(n * 9),
    }))
    await ledger.sql`INSERT INTO Vehicle ${documents}`
  }
  for (let n = 0; n < 20; n++) await ledger.sql`UPDATE Vehicle SET owner = ${'Anna'} WHERE vin = ${`V2-${n}`}`
  await ledger.sql`DELETE FROM Vehicle WHERE vin = ${'V3-7'}`
  await ledger.sql`CREATE TABLE Person`
  await ledger.sql`INSERT INTO Person ${{ name: 'Peter', photo: new Uint8Array(9000) }}`
}

/** Everything a caller can ask, as one text. */
export async function answersOf(ledger: Ledger): Promise<string> {
  const answers: unknown[] = [
    await ledger.sql`SELECT * FROM Vehicle`,
    await ledger.sql`SELECT * FROM Vehicle WHERE vin = ${'V2-3'}`,
    await ledger.sql`SELECT * FROM Vehicle WHERE vin = ${'V3-7'}`,
    await ledger.sql`SELECT VALUE COUNT(*) FROM Vehicle AS v WHERE v.owner = 'Anna'`,
    await ledger.sql`SELECT * FROM Person`,
    await ledger.sql`SELECT * FROM information_schema.user_tables`,
    await ledger.sql`SELECT h.metadata, h.data.vin, h.data.owner FROM history(Vehicle) AS h`,
    await ledger.sql`SELECT metadata.id, blockAddress FROM _ql_committed_Vehicle WHERE data.vin = ${'V4-4'}`,
  ]
  for (let n = 0; n < 120; n += 7)
    answers.push(await ledger.sql`SELECT owner FROM Vehicle WHERE vin = ${`V${n % 6}-${n % 20}`}`)
  const { digest, digestTipAddress } = await ledger.digest()
  answers.push(Buffer.from(digest).toString('hex'), digestTipAddress)
  const ids = await ledger.sql<{ id: string }>`SELECT metadata.id FROM _ql_committed_Vehicle WHERE data.vin = ${'V1-1'}`
  answers.push(encodeProofFile(await ledger.proveRevision({ documentId: ids[0]!.id })))
  answers.push(encodeProofFile(await ledger.proveBlock(3)))
  return JSON.stringify(answers, (_, value) => (typeof value === 'bigint' ? String(value) : value))
}
