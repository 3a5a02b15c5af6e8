/**
 * Goal: a stretch of an index shows exactly the documents of a scan whose field lies there, in the total order of values
 * and within equal values in the order of the scan, whatever the transaction itself has written on top.
 * Method: random documents of every Ion type, and of texts so long that their keys are cut; some committed, some changed
 * and deleted by the open transaction; every kind of bounds, both directions. The model is the scan, filtered and sorted.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareOrder, IonStruct, type IonValue, parseOne, printText } from '../../src/ion/index.ts'
import { LedgerCore } from '../../src/ledger/core.ts'
import { resolveOptions } from '../../src/ledger/ledger-options.ts'
import type { Transaction } from '../../src/transaction/index.ts'
import { anyValue } from '../ion/any-value.ts'

const FAMILIES = [
  ['null', 'null.int'],
  ['false', 'true'],
  ['nan', '-inf', '-1', '-0e0', '0', '0.5', '1', '1.0', '1e0', '2', '3', '1d40', '+inf'],
  ['2020T', '2020-01-01T00:00Z', '2021-05-05T01:02:03.4Z'],
  ['""', '"a"', 'a', '"ab"', '"b"', "'\\0'", '"a\\0"', '"é"', '"😀"'],
  ['{{}}', '{{AAEC}}'],
  ['[]', '[1]', '[1,2]'],
  ['(1)'],
  ['{}', '{x: 1}'],
]
const long = fc
  .tuple(fc.constantFrom('k', 'm'), fc.constantFrom('', 'a', 'b', 'c'), fc.integer({ min: 395, max: 405 }))
  .map(([start, end, length]): IonValue => start.repeat(length) + end)
const value: fc.Arbitrary<IonValue> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...FAMILIES.flat()).map((text) => parseOne(text)) },
  { weight: 2, arbitrary: long },
  { weight: 1, arbitrary: anyValue },
)
const field = fc.option(value, { nil: undefined, freq: 6 })
const bounds = fc.record({
  low: fc.option(value, { nil: undefined }),
  lowInclusive: fc.boolean(),
  high: fc.option(value, { nil: undefined }),
  highInclusive: fc.boolean(),
  reverse: fc.boolean(),
})

function familyOf(each: IonValue): number {
  const text = (other: string): IonValue => parseOne(other)
  const starts = FAMILIES.map(([first]) => text(first!))
  let family = 0
  for (let index = 0; index < starts.length; index++) if (compareOrder(each, starts[index]!) >= 0) family = index
  return family
}

const documentOf = (each: IonValue | undefined): IonStruct =>
  new IonStruct(each === undefined ? [] : [{ name: 'f', value: each }])

async function open(): Promise<LedgerCore> {
  return LedgerCore.open(':memory:', resolveOptions({}).core)
}

function all(cursor: { next(): { documentId: string; data: IonStruct | undefined } | undefined; close(): void }): {
  id: string
  value: IonValue | undefined
}[] {
  const found = []
  for (let each = cursor.next(); each !== undefined; each = cursor.next()) {
    found.push({ id: each.documentId, value: each.data?.get('f') })
  }
  cursor.close()
  return found
}

describe('seekRange', () => {
  test('shows what a scan shows between the bounds, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(field, { maxLength: 14 }),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom('insert', 'update', 'delete'), field), { maxLength: 6 }),
        fc.array(bounds, { minLength: 1, maxLength: 4 }),
        async (committed, own, ranges) => {
          const core = await open()
          const setup = core.begin()
          setup.runStatement('', [], () => {})
          const made = setup.createTable('T')
          setup.createIndex(made, 'f')
          await setup.commit()
          const filling = core.begin()
          filling.runStatement('', [], () => {})
          const table = filling.catalog.activeTable('T')!
          const ids = committed.map((each) => filling.insert(table, documentOf(each)))
          await filling.commit()
          // A second round of values, so that the first entry of a value need not be the oldest document.
          const moving = core.begin()
          moving.runStatement('', [], () => {})
          for (const [position, id] of ids.slice(0, 3).entries()) {
            moving.update(table, id, documentOf(committed.at(-1 - position)))
          }
          await moving.commit()

          const transaction: Transaction = core.begin()
          transaction.runStatement('', [], () => {})
          for (const [pick, what, each] of own) {
            const id = ids[pick % Math.max(1, ids.length)]
            if (what === 'insert') transaction.insert(table, documentOf(each))
            else if (id !== undefined && transaction.get(table, id) !== undefined) {
              if (what === 'update') transaction.update(table, id, documentOf(each))
              else transaction.delete(table, id)
            }
          }
          const index = table.indexes[0]!
          const scanned = all(transaction.scan(table))
          expect(transaction.count(table)).toBe(scanned.length)
          expect(transaction.isComplete(table, index)).toBe(scanned.every((row) => row.value !== undefined))
          for (const range of ranges) {
            const { low, lowInclusive, high, highInclusive, reverse } = range
            const wanted = scanned
              .filter((row): row is { id: string; value: IonValue } => {
                if (row.value === undefined) return false
                const below = low === undefined ? 1 : compareOrder(row.value, low)
                const above = high === undefined ? -1 : compareOrder(row.value, high)
                const known = low ?? high
                return (
                  (below > 0 || (below === 0 && lowInclusive)) &&
                  (above < 0 || (above === 0 && highInclusive)) &&
                  (known === undefined ? familyOf(row.value) > 0 : familyOf(row.value) === familyOf(known))
                )
              })
              .filter((row) => high === undefined || familyOf(row.value) === familyOf(high))
              .sort((a, b) => (reverse ? compareOrder(b.value, a.value) : compareOrder(a.value, b.value)))
            const found = all(transaction.seekRange(table, index, range))
            const print = (rows: typeof found): string[] =>
              rows.map((row) => `${row.id} ${row.value === undefined ? '' : printText(row.value)}`)
            // Cut keys may bring others near the bounds; they are left out to compare, and only they may.
            const isNear = (row: (typeof found)[number]): boolean =>
              wanted.some((other) => other.id === row.id) || isCut(row.value!)
            expect(found.every(isNear)).toBe(true)
            expect(print(found.filter((row) => wanted.some((other) => other.id === row.id)))).toEqual(print(wanted))
          }
          transaction.abort()
          await core.close()
        },
      ),
      { numRuns: 250, seed: 3 },
    )
  })
})

function isCut(each: IonValue): boolean {
  return printText(each).length > 380
}
