import { openLedger } from '../../src/index.ts'

export async function hello(): Promise<void> {
  await using ledger = await openLedger('./cars') // a folder; made if it is not there

  await ledger.sql`CREATE TABLE Vehicle`
  await ledger.sql`INSERT INTO Vehicle ${{ vin: '1N4AL11D75C109151', owner: 'Maria', year: 2021 }}`

  const recent = await ledger.sql`SELECT vin, owner FROM Vehicle WHERE year >= ${2020} ORDER BY year DESC`
  console.log(recent) // [{ vin: '1N4AL11D75C109151', owner: 'Maria' }]
}
