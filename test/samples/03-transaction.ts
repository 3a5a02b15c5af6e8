import { Decimal, type Ledger } from '../../src/index.ts'
import type { Account } from './model.ts'

export async function transfer(ledger: Ledger): Promise<void> {
  const amount = new Decimal('50.00') // money stays exact, from here to the hash

  await ledger.transact(
    async (tx) => {
      // runs again if another writer was first
      const from = await tx.sql<Account>`SELECT * FROM Account WHERE no = ${'A-1'}`.one()
      if (!from.balance.gte(amount)) throw new Error('A-1 cannot pay 50.00')

      await tx.sql`UPDATE Account SET balance = balance - ${amount} WHERE no = ${'A-1'}`
      await tx.sql`UPDATE Account SET balance = balance + ${amount} WHERE no = ${'B-2'}`
    },
    { retries: 8 },
  )
}
