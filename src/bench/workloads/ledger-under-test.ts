import { type Ledger, openLedger } from '../../ledger/index.ts'
import { type BenchDocument, benchDocument } from '../bench-document.ts'

/** Opens a new ledger with the table `Vehicle`, and with an index on `vin` when asked for. The caller closes it. */
export async function openVehicleLedger(folder: string, options: { readonly hasVinIndex: boolean }): Promise<Ledger> {
  const ledger = await openLedger(folder)
  await ledger.execute('CREATE TABLE Vehicle')
  if (options.hasVinIndex) await ledger.execute('CREATE INDEX ON Vehicle (vin)')
  return ledger
}

/** How many documents a batch has: one statement, one transaction, one block. */
export const batchSize = 500

/** Inserts documents in one durable transaction. */
export async function insertMany(ledger: Ledger, documents: readonly object[]): Promise<void> {
  await ledger.execute('INSERT INTO Vehicle ?', documents)
}

/** Documents `[lo, hi)` of the sequence, one batch after the other. */
export function* batches(lo: number, hi: number): Generator<BenchDocument[]> {
  for (let start = lo; start < hi; start += batchSize) {
    const length = Math.min(batchSize, hi - start)
    yield Array.from({ length }, (_, index) => benchDocument(start + index))
  }
}
