import { describe, expect, test } from 'vitest'
import { Decimal, IonAnnotated, IonList, IonStruct, IonSymbol, type IonValue, NULL } from '../../src/ion/index.ts'
import { diffDocuments } from '../../src/ledger/diff.ts'

function struct(fields: Record<string, IonValue>): IonStruct {
  return new IonStruct(Object.entries(fields).map(([name, value]) => ({ name, value })))
}

describe('the difference between two documents', () => {
  test('is empty for equal ones, whatever the order of their fields', () => {
    const before = struct({ a: 1, b: struct({ c: 'x', d: new IonList([1, 2]) }) })
    const after = struct({ b: struct({ d: new IonList([1, 2]), c: 'x' }), a: 1 })
    expect(diffDocuments(before, after)).toEqual([])
  })

  test('names changed, gone and new fields, in that document order', () => {
    expect(
      diffDocuments(
        struct({ owner: 'Maria', colour: 'red', year: 2021 }),
        struct({ year: 2021, owner: 'Ines', km: 5 }),
      ),
    ).toEqual([
      { path: 'owner', before: 'Maria', after: 'Ines' },
      { path: 'colour', before: 'red', after: undefined },
      { path: 'km', before: undefined, after: 5 },
    ])
  })

  test('goes into structs and lists', () => {
    const before = struct({
      owners: struct({ first: struct({ id: 'p1' }), others: new IonList([struct({ id: 'p2' })]) }),
    })
    const after = struct({
      owners: struct({
        first: struct({ id: 'p9' }),
        others: new IonList([struct({ id: 'p2' }), struct({ id: 'p3' })]),
      }),
    })
    const changes = diffDocuments(before, after)
    expect(changes.map((change) => change.path)).toEqual(['owners.first.id', 'owners.others[1]'])
    expect(changes[1]).toMatchObject({ before: undefined, after: struct({ id: 'p3' }) })
    expect(diffDocuments(after, before).map((change) => change.path)).toEqual(['owners.first.id', 'owners.others[1]'])
  })

  test('quotes names that are not plain', () => {
    const changes = diffDocuments(struct({ 'two words': 1, a: struct({ 'say "hi"': 1 }) }), struct({ a: struct({}) }))
    expect(changes.map((change) => change.path)).toEqual(['"two words"', 'a."say ""hi"""'])
  })

  test('is exact: precision, annotations and types are differences', () => {
    const changes = diffDocuments(
      struct({ a: new Decimal('1.0'), b: 'x', c: NULL, d: new IonAnnotated(['usd'], 5) }),
      struct({ a: new Decimal('1.00'), b: new IonSymbol('x'), c: NULL, d: 5 }),
    )
    expect(changes.map((change) => change.path)).toEqual(['a', 'b', 'd'])
  })

  test('takes a struct with a name twice as one value', () => {
    const twice = new IonStruct([
      { name: 'n', value: 1 },
      { name: 'n', value: 2 },
    ])
    const once = struct({ n: 1 })
    expect(diffDocuments(struct({ a: twice }), struct({ a: once }))).toEqual([
      { path: 'a', before: twice, after: once },
    ])
    expect(diffDocuments(struct({ a: twice }), struct({ a: new IonStruct([...twice.fields].reverse()) }))).toEqual([])
  })

  test('creation lists every field as new, deletion as gone', () => {
    const document = struct({ a: 1, b: 2 })
    expect(diffDocuments(undefined, document)).toEqual([
      { path: 'a', before: undefined, after: 1 },
      { path: 'b', before: undefined, after: 2 },
    ])
    expect(diffDocuments(document, undefined)).toEqual([
      { path: 'a', before: 1, after: undefined },
      { path: 'b', before: 2, after: undefined },
    ])
    expect(diffDocuments(undefined, undefined)).toEqual([])
  })

  test('a container that becomes a scalar is one change', () => {
    const list = new IonList([1])
    expect(diffDocuments(struct({ a: list }), struct({ a: 1 }))).toEqual([{ path: 'a', before: list, after: 1 }])
  })
})
