/**
 * Goal: the views are the fold of the journal and of nothing else: after any workload they equal a rebuild byte for byte,
 * and without them everything answers the same.
 * Method: random transactions over two tables: documents of any Ion value, changes, deletions, indexes made and dropped
 * while there are documents, tables dropped, brought back and made again, several of these in one transaction, commits and
 * aborts, closing and opening in between, a kill being a close whose views are put back to an older state.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Ledger, LedgerError, type LedgerTransaction, openLedger } from '../../src/index.ts'
import { IonStruct, type IonValue, printText } from '../../src/ion/index.ts'
import { auditViews } from '../../src/ledger/index.ts'
import { anyValue } from '../ion/any-value.ts'

const TABLES = ['Car', 'select'] as const
type TableName = (typeof TABLES)[number]
const FIELDS = ['k', 'f', 'odd "field"'] as const
type Field = (typeof FIELDS)[number]

type Operation =
  | { readonly kind: 'insert'; readonly table: TableName; readonly documents: readonly IonStruct[] }
  | { readonly kind: 'update'; readonly table: TableName; readonly key: number; readonly value: IonValue }
  | { readonly kind: 'replace'; readonly table: TableName; readonly key: number; readonly document: IonStruct }
  | { readonly kind: 'delete'; readonly table: TableName; readonly key: number }
  | { readonly kind: 'create' | 'drop' | 'undrop'; readonly table: TableName }
  | { readonly kind: 'index' | 'unique index' | 'drop index'; readonly table: TableName; readonly field: Field }

type Step =
  | { readonly kind: 'transaction'; readonly operations: readonly Operation[]; readonly isAborted: boolean }
  | { readonly kind: 'reopen' | 'remember views' | 'fall back' }

const table = fc.constantFrom(...TABLES)
const field = fc.constantFrom(...FIELDS)
const key = fc.integer({ min: 0, max: 3 })
const document = fc
  .tuple(key, fc.option(anyValue, { nil: undefined }), fc.option(anyValue, { nil: undefined }))
  .map(([k, f, odd]) => {
    const fields = [{ name: 'k', value: k as IonValue }]
    if (f !== undefined) fields.push({ name: 'f', value: f })
    if (odd !== undefined) fields.push({ name: 'odd "field"', value: odd })
    return new IonStruct(fields)
  })
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('insert' as const),
      table,
      documents: fc.array(document, { minLength: 1, maxLength: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('update' as const), table, key, value: anyValue }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('replace' as const), table, key, document }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), table, key }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('create' as const, 'undrop' as const), table }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), table }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('index' as const, 'unique index' as const, 'drop index' as const),
      table,
      field,
    }),
  },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('transaction' as const),
      operations: fc.array(operation, { minLength: 1, maxLength: 4 }),
      isAborted: fc.nat({ max: 9 }).map((number) => number === 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('reopen', 'remember views', 'fall back') }) },
)

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

interface UserTable {
  readonly tableId: string
  readonly name: string
  readonly status: string
  readonly indexes: readonly { readonly indexId: string; readonly expr: string }[]
}

async function run(tx: LedgerTransaction, operation: Operation): Promise<void> {
  const name = quoted(operation.table)
  const tables = async (status: string): Promise<UserTable[]> =>
    (await tx.execute<UserTable>('SELECT * FROM information_schema.user_tables')).filter(
      (row) => row.name === operation.table && row.status === status,
    )
  switch (operation.kind) {
    case 'insert':
      await tx.execute(`INSERT INTO ${name} ?`, operation.documents)
      return
    case 'update':
      await tx.execute(`UPDATE ${name} SET f = ? WHERE k = ?`, operation.value, operation.key)
      return
    case 'replace':
      await tx.execute(`UPDATE ${name} AS t SET t = ? WHERE t.k = ?`, operation.document, operation.key)
      return
    case 'delete':
      await tx.execute(`DELETE FROM ${name} WHERE k = ?`, operation.key)
      return
    case 'create':
      await tx.execute(`CREATE TABLE ${name}`)
      return
    case 'drop':
      await tx.execute(`DROP TABLE ${name}`)
      return
    case 'undrop': {
      const [dropped] = await tables('INACTIVE')
      if (dropped !== undefined) await tx.execute(`UNDROP TABLE ${quoted(dropped.tableId)}`)
      return
    }
    case 'unique index':
      await tx.execute(`CREATE UNIQUE INDEX ON ${name} (${quoted(operation.field)})`)
      return
    case 'index':
      await tx.execute(`CREATE INDEX ON ${name} (${quoted(operation.field)})`)
      return
    case 'drop index': {
      const [active] = await tables('ACTIVE')
      const index = active?.indexes.find(({ expr }) => expr.includes(operation.field))
      if (index !== undefined) await tx.execute(`DROP INDEX ${quoted(index.indexId)} ON ${name} WITH (purge = true)`)
    }
  }
}

/** Everything that can be asked, in Ion text. */
async function answersOf(ledger: Ledger): Promise<string[]> {
  const digest = await ledger.digest()
  const answers = [Buffer.from(digest.digest).toString('hex')]
  const ask = async (text: string, ...parameters: unknown[]): Promise<void> => {
    const rows = await ledger.execute(text, ...parameters).with({ ion: true })
    answers.push(`${text} ${JSON.stringify(parameters)}`, ...rows.map((row) => printText(row as IonValue)))
  }
  const tables = await ledger.execute<UserTable>('SELECT * FROM information_schema.user_tables')
  await ask('SELECT * FROM information_schema.user_tables')
  for (const { name, status } of tables) {
    if (status !== 'ACTIVE') continue
    await ask(`SELECT * FROM _ql_committed_${name}`.replace(`_ql_committed_${name}`, quoted(`_ql_committed_${name}`)))
    await ask(`SELECT * FROM history(${quoted(name)}) AS h`)
    for (const k of [0, 1, 2, 3]) await ask(`SELECT * FROM ${quoted(name)} WHERE k = ?`, k)
  }
  return answers
}

test('views equal a rebuild byte for byte, and without them everything answers the same', async () => {
  let committed = 0
  let refused = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), async (steps) => {
      const folder = mkdtempSync(join(tmpdir(), 'tally-rebuild-'))
      const path = join(folder, 'l')
      const older = join(folder, 'older')
      let hasOlder = false
      let ledger = await openLedger(path, { segmentSizeBytes: 16 * 1024 })
      try {
        for (const name of TABLES) await ledger.execute(`CREATE TABLE ${quoted(name)}`)
        for (const step of steps) {
          if (step.kind !== 'transaction') {
            await ledger.close()
            if (step.kind === 'remember views') {
              rmSync(older, { recursive: true, force: true })
              cpSync(join(path, 'views'), older, { recursive: true })
              hasOlder = true
            } else if (step.kind === 'fall back' && hasOlder) {
              rmSync(join(path, 'views'), { recursive: true })
              cpSync(older, join(path, 'views'), { recursive: true })
            }
            ledger = await openLedger(path, { segmentSizeBytes: 16 * 1024 })
            continue
          }
          const tx = await ledger.begin()
          try {
            for (const operation of step.operations) await run(tx, operation)
            if (step.isAborted) await tx.abort()
            else {
              await tx.commit()
              committed++
            }
          } catch (error) {
            // No such table, an index that is there already …
            if (!(error instanceof LedgerError)) throw error
            refused++
            await tx.abort()
          }
        }
        expect(await ledger.check({ deep: true })).toMatchObject({ isSound: true, faults: [] })
        const answers = await answersOf(ledger)
        await ledger.close()
        expect(await auditViews(path)).toEqual([])

        rmSync(join(path, 'views'), { recursive: true })
        ledger = await openLedger(path)
        expect(await answersOf(ledger)).toEqual(answers)
        expect(await ledger.check({ deep: true })).toMatchObject({ isSound: true, faults: [] })
      } finally {
        await ledger.close()
        rmSync(folder, { recursive: true, force: true })
      }
    }),
    { numRuns: 60 },
  )
  // The workload does something.
  expect(committed).toBeGreaterThan(100)
  expect(refused).toBeLessThan(committed * 4)
}, 180_000)
