import { type Decimal, type DocumentOf, type TableReference, table } from '../../src/index.ts'

export const Vehicle: TableReference<{ vin: string; owner: string; year: number; price?: Decimal }> = table('Vehicle', {
  index: ['vin', 'owner'],
})
export type Vehicle = DocumentOf<typeof Vehicle>

export const Account: TableReference<{ no: string; balance: Decimal }> = table('Account', { index: ['no'] })
export type Account = DocumentOf<typeof Account>
