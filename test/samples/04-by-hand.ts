import type { Ledger } from '../../src/index.ts'

export async function deleteOld(ledger: Ledger, confirmed: (count: number) => Promise<boolean>): Promise<void> {
  {
    await using tx = await ledger.begin() // leaving the block without commit aborts
    const gone = await tx.sql`DELETE FROM Vehicle WHERE year < ${1990}`
    if (await confirmed(gone.length)) await tx.commit()
  }
}
