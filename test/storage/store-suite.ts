import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SessionError } from '../../src/errors.ts'
import {
  type Cursor,
  KEYSPACE_NAMES,
  type KeyspaceName,
  MAX_KEY_SIZE_BYTES,
  type Reader,
  type ScanRange,
  type Store,
  type ValuePlace,
} from '../../src/storage/index.ts'

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)
const text = (value: string): Uint8Array => new TextEncoder().encode(value)
const asText = (value: Uint8Array | undefined): string | undefined =>
  value === undefined ? undefined : new TextDecoder().decode(value)

function entries(cursor: Cursor): [string, string][] {
  const found: [string, string][] = []
  while (cursor.next()) found.push([Buffer.from(cursor.key).toString('hex'), Buffer.from(cursor.value).toString('hex')])
  return found
}

/** What lies at a place now. */
function at({ bytes, start, end }: ValuePlace): Uint8Array {
  return bytes.slice(start, end)
}

/** A store as a plain map, for comparison: hexadecimal keys sort as their bytes do. */
class Model {
  readonly spaces = new Map<KeyspaceName, Map<string, string>>(KEYSPACE_NAMES.map((name) => [name, new Map()]))

  copy(): Model {
    const copy = new Model()
    for (const [name, space] of this.spaces) copy.spaces.set(name, new Map(space))
    return copy
  }

  scan(name: KeyspaceName, { from, to, reverse, limit, skip = 0 }: ScanRange): [string, string][] {
    const hex = (key: Uint8Array): string => Buffer.from(key).toString('hex')
    const all = [...this.spaces.get(name)!]
      .filter(([key]) => (from === undefined || key >= hex(from)) && (to === undefined || key < hex(to)))
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
    return (reverse ? all.toReversed() : all).slice(skip, skip + (limit ?? all.length))
  }
}

/** What every {@link Store} does. `make` gives an empty one. */
export function storeSuite(name: string, make: () => Store): void {
  describe(name, () => {
    let store: Store
    beforeEach(() => {
      store = make()
    })
    afterEach(() => store.close())

    const put = (name: KeyspaceName, ...pairs: [Uint8Array, Uint8Array][]): void =>
      store.write((batch) => {
        for (const [key, value] of pairs) batch.put(store.keyspace(name), key, value)
      })
    const get = (reader: Reader, key: Uint8Array, name: KeyspaceName = 'current'): string | undefined =>
      asText(reader.get(store.keyspace(name), key))
    const scan = (reader: Reader, range?: ScanRange): string[] =>
      entries(reader.scan(store.keyspace('current'), range)).map(([key]) => key)

    test('an absent key is undefined, an empty key space scans to nothing', () => {
      const snapshot = store.snapshot()
      expect(get(snapshot, bytes(1))).toBeUndefined()
      expect(scan(snapshot)).toEqual([])
      expect(scan(snapshot, { reverse: true })).toEqual([])
      snapshot.release()
    })

    test('gives back what was put, replaces, deletes', () => {
      put('current', [bytes(1), text('one')])
      put('current', [bytes(1), text('eins')], [bytes(2), text('zwei')])
      store.write((batch) => {
        batch.delete(store.keyspace('current'), bytes(2))
        batch.delete(store.keyspace('current'), bytes(3))
      })
      const snapshot = store.snapshot()
      expect(get(snapshot, bytes(1))).toBe('eins')
      expect(get(snapshot, bytes(2))).toBeUndefined()
      snapshot.release()
    })

    test('adds what is not there, and leaves alone what is', () => {
      const space = store.keyspace('current')
      const added: boolean[] = []
      store.write((batch) => {
        added.push(batch.add(space, bytes(5), text('five')))
        added.push(batch.add(space, bytes(5), text('fünf')))
        added.push(batch.add(space, bytes(3), text('three')))
      })
      store.write((batch) => {
        added.push(batch.add(space, bytes(3), text('drei')))
        batch.delete(space, bytes(5))
        added.push(batch.add(space, bytes(5), text('cinq')))
      })
      expect(added).toEqual([true, false, true, false, true])
      const snapshot = store.snapshot()
      expect(get(snapshot, bytes(3))).toBe('three')
      expect(get(snapshot, bytes(5))).toBe('cinq')
      snapshot.release()
    })

    test('key spaces do not meet', () => {
      for (const name of KEYSPACE_NAMES) put(name, [bytes(7), text(name)])
      const snapshot = store.snapshot()
      for (const name of KEYSPACE_NAMES) {
        expect(get(snapshot, bytes(7), name)).toBe(name)
        expect(entries(snapshot.scan(store.keyspace(name)))).toHaveLength(1)
        expect(store.keyspace(name).name).toBe(name)
      }
      expect(() => store.keyspace('nonsense' as KeyspaceName)).toThrow(RangeError)
      snapshot.release()
    })

    test('orders keys by unsigned bytes, a prefix first', () => {
      const keys = [bytes(0), bytes(0, 0), bytes(0, 255), bytes(1), bytes(127), bytes(128), bytes(255), bytes(255, 0)]
      put('current', ...[3, 7, 0, 5, 1, 6, 2, 4].map((index): [Uint8Array, Uint8Array] => [keys[index]!, bytes(index)]))
      const snapshot = store.snapshot()
      const sorted = keys.map((key) => Buffer.from(key).toString('hex'))
      expect(scan(snapshot)).toEqual(sorted)
      expect(scan(snapshot, { reverse: true })).toEqual(sorted.toReversed())
      snapshot.release()
    })

    test('a range has its first key and not its last, in both directions', () => {
      put('current', ...[10, 20, 30, 40].map((key): [Uint8Array, Uint8Array] => [bytes(key), bytes(key)]))
      const snapshot = store.snapshot()
      const cases: [ScanRange, string[]][] = [
        [{ from: bytes(20) }, ['14', '1e', '28']],
        [{ from: bytes(15) }, ['14', '1e', '28']],
        [{ to: bytes(30) }, ['0a', '14']],
        [{ to: bytes(35) }, ['0a', '14', '1e']],
        [{ from: bytes(20), to: bytes(40) }, ['14', '1e']],
        [{ from: bytes(20), to: bytes(20) }, []],
        [{ from: bytes(30), to: bytes(20) }, []],
        [{ from: bytes(50) }, []],
        [{ to: bytes(5) }, []],
        [{ from: bytes(20, 0) }, ['1e', '28']],
        [{ to: bytes(20, 0) }, ['0a', '14']],
        [{ from: bytes() }, ['0a', '14', '1e', '28']],
        [{ to: bytes() }, []],
      ]
      for (const [range, expected] of cases) {
        expect(scan(snapshot, range)).toEqual(expected)
        expect(scan(snapshot, { ...range, reverse: true })).toEqual(expected.toReversed())
        for (let limit = 0; limit <= 5; limit++) {
          expect(scan(snapshot, { ...range, limit })).toEqual(expected.slice(0, limit))
          expect(scan(snapshot, { ...range, limit, reverse: true })).toEqual(expected.toReversed().slice(0, limit))
        }
      }
      snapshot.release()
    })

    test('refuses keys that are empty or too long', () => {
      const space = store.keyspace('current')
      const snapshot = store.snapshot()
      for (const key of [bytes(), new Uint8Array(MAX_KEY_SIZE_BYTES + 1)]) {
        expect(() => snapshot.get(space, key)).toThrow(RangeError)
        expect(() => store.write((batch) => batch.put(space, key, bytes(1)))).toThrow(RangeError)
        expect(() => store.write((batch) => batch.delete(space, key))).toThrow(RangeError)
        expect(() => store.write((batch) => batch.get(space, key))).toThrow(RangeError)
      }
      snapshot.release()
      put('current', [new Uint8Array(MAX_KEY_SIZE_BYTES).fill(9), text('longest')])
      const after = store.snapshot()
      expect(get(after, new Uint8Array(MAX_KEY_SIZE_BYTES).fill(9))).toBe('longest')
      expect(scan(after)).toHaveLength(1)
      after.release()
    })

    test('keeps values of every size', () => {
      const sizes = [0, 1, 3, 4, 5, 599, 600, 601, 4091, 4092, 4093, 4096, 5000, 32768, 70_000, 1_000_000]
      const value = (size: number): Uint8Array => new Uint8Array(size).map((_, index) => (index * 17 + size) & 0xff)
      const key = (size: number): Uint8Array => bytes(size >>> 16, size >>> 8, size & 0xff)
      put('current', ...sizes.map((size): [Uint8Array, Uint8Array] => [key(size), value(size)]))
      const snapshot = store.snapshot()
      const cursor = snapshot.scan(store.keyspace('current'))
      for (const size of sizes) {
        expect(Buffer.compare(snapshot.get(store.keyspace('current'), key(size))!, value(size))).toBe(0)
        expect(Buffer.compare(at(snapshot.find(store.keyspace('current'), key(size))!), value(size))).toBe(0)
        expect(Buffer.compare(at(snapshot.peek(store.keyspace('current'), key(size))!), value(size))).toBe(0)
        expect(cursor.next()).toBe(true)
        expect(cursor.key).toEqual(key(size))
        expect(Buffer.compare(cursor.value, value(size))).toBe(0)
      }
      expect(cursor.next()).toBe(false)
      const fleeting = snapshot.scan(store.keyspace('current'), { isFleeting: true })
      for (const size of sizes) {
        expect(fleeting.next()).toBe(true)
        expect([...fleeting.key]).toEqual([...key(size)])
        expect(Buffer.compare(fleeting.value, value(size))).toBe(0)
      }
      expect(fleeting.next()).toBe(false)
      expect(fleeting.next()).toBe(false)
      snapshot.release()
    })

    test('keeps values larger than any buffer', () => {
      for (const size of [16 << 20, (16 << 20) + 5, 40 << 20]) {
        const value = new Uint8Array(size).fill(size & 0xff)
        value[size - 1] = 77
        put('current', [bytes(1), value])
        const snapshot = store.snapshot()
        expect(Buffer.compare(at(snapshot.peek(store.keyspace('current'), bytes(1))!), value)).toBe(0)
        expect(Buffer.compare(snapshot.get(store.keyspace('current'), bytes(1))!, value)).toBe(0)
        expect(Buffer.compare(at(snapshot.find(store.keyspace('current'), bytes(1))!), value)).toBe(0)
        const cursor = snapshot.scan(store.keyspace('current'))
        expect(cursor.next()).toBe(true)
        expect(cursor.key).toEqual(bytes(1))
        expect(Buffer.compare(cursor.value, value)).toBe(0)
        expect(cursor.next()).toBe(false)
        const fleeting = snapshot.scan(store.keyspace('current'), { isFleeting: true })
        expect(fleeting.next()).toBe(true)
        expect(Buffer.compare(fleeting.value, value)).toBe(0)
        expect(fleeting.next()).toBe(false)
        snapshot.release()
      }
    })

    test('finds bytes that stay, and peeks at those of its own state while a write is under way', () => {
      const space = store.keyspace('current')
      put('current', [bytes(1), text('one')], [bytes(2), text('two')])
      const snapshot = store.snapshot()
      const { bytes: found, start, end } = snapshot.find(space, bytes(1))!
      expect(snapshot.peek(space, bytes(3))).toBeUndefined()
      expect(snapshot.find(space, bytes(3))).toBeUndefined()
      store.write((batch) => {
        batch.put(space, bytes(2), text('zwei'))
        batch.put(space, bytes(3), text('drei'))
        expect(asText(at(snapshot.peek(space, bytes(2))!))).toBe('two')
        expect(asText(at(snapshot.find(space, bytes(2))!))).toBe('two')
        expect(snapshot.peek(space, bytes(3))).toBeUndefined()
      })
      expect(asText(at(snapshot.peek(space, bytes(2))!))).toBe('two')
      snapshot.release()
      const after = store.snapshot()
      expect(asText(at(after.peek(space, bytes(3))!))).toBe('drei')
      after.release()
      expect(asText(found.slice(start, end))).toBe('one')
    })

    test('keeps its own copy of what it was given, and hands out bytes that stay', () => {
      const key = bytes(1, 2)
      const value = text('before')
      put('current', [key, value])
      key.fill(9)
      value.fill(9)
      const snapshot = store.snapshot()
      const got = snapshot.get(store.keyspace('current'), bytes(1, 2))!
      const cursor = snapshot.scan(store.keyspace('current'))
      cursor.next()
      const { key: scannedKey, value: scannedValue } = cursor
      expect(cursor.next()).toBe(false)
      put(
        'current',
        ...Array.from({ length: 500 }, (_, index): [Uint8Array, Uint8Array] => [bytes(index, 1), bytes(index)]),
      )
      put('current', [bytes(1, 2), text('after!')])
      snapshot.release()
      const later = store.snapshot()
      scan(later)
      expect(asText(got)).toBe('before')
      expect(asText(scannedValue)).toBe('before')
      expect(scannedKey).toEqual(bytes(1, 2))
      later.release()
    })

    test('a snapshot stays as it was, whatever is written', () => {
      put('current', [bytes(1), text('a')], [bytes(2), text('b')])
      const before = store.snapshot()
      const cursor = before.scan(store.keyspace('current'))
      cursor.next()
      store.write((batch) => {
        batch.put(store.keyspace('current'), bytes(1), text('changed'))
        batch.delete(store.keyspace('current'), bytes(2))
        batch.put(store.keyspace('current'), bytes(3), text('new'))
        // Beside the write too.
        expect(get(before, bytes(1))).toBe('a')
        expect(get(before, bytes(3))).toBeUndefined()
        expect(scan(before)).toEqual(['01', '02'])
      })
      const after = store.snapshot()
      expect(scan(before)).toEqual(['01', '02'])
      expect(get(before, bytes(2))).toBe('b')
      expect(cursor.next()).toBe(true)
      expect(asText(cursor.value)).toBe('b')
      expect(scan(after)).toEqual(['01', '03'])
      expect(get(after, bytes(1))).toBe('changed')
      before.release()
      expect(scan(after)).toEqual(['01', '03'])
      after.release()
    })

    test('a snapshot lives until its last holder releases it', () => {
      put('current', [bytes(1), text('a')])
      const snapshot = store.snapshot()
      snapshot.retain()
      put('current', [bytes(1), text('b')])
      snapshot.release()
      expect(get(snapshot, bytes(1))).toBe('a')
      snapshot.release()
      expect(() => get(snapshot, bytes(1))).toThrow(SessionError)
      expect(() => scan(snapshot)).toThrow(SessionError)
      expect(() => snapshot.retain()).toThrow(SessionError)
      expect(() => snapshot.release()).toThrow(SessionError)
    })

    test('many snapshots of many states live side by side', () => {
      const snapshots = Array.from({ length: 40 }, (_, index) => {
        put('current', [bytes(1), bytes(index)])
        return store.snapshot()
      })
      for (const [index, snapshot] of snapshots.entries())
        expect(snapshot.get(store.keyspace('current'), bytes(1))).toEqual(bytes(index))
      for (const index of [3, 1, 2, 39, 0]) snapshots[index]!.release()
      expect(snapshots[20]!.get(store.keyspace('current'), bytes(1))).toEqual(bytes(20))
    })

    test('cursors do not disturb each other', () => {
      put(
        'current',
        ...Array.from({ length: 50 }, (_, index): [Uint8Array, Uint8Array] => [bytes(index), bytes(index)]),
      )
      const snapshot = store.snapshot()
      const cursors = [{}, { reverse: true }, { from: bytes(10) }, { from: bytes(5), to: bytes(45) }].map((range) =>
        snapshot.scan(store.keyspace('current'), range),
      )
      for (let step = 0; step < 40; step++) for (const cursor of cursors) expect(cursor.next()).toBe(true)
      expect(cursors.map((cursor) => cursor.key[0])).toEqual([39, 10, 49, 44])
      expect(cursors.map((cursor) => cursor.value[0])).toEqual([39, 10, 49, 44])
      cursors[0]!.close()
      cursors[0]!.close()
      expect(cursors[0]!.next()).toBe(false)
      expect(cursors[1]!.next()).toBe(true)
      expect(cursors[1]!.key[0]).toBe(9)
      expect(cursors[3]!.next()).toBe(false)
      expect(cursors[3]!.next()).toBe(false)
      snapshot.release()
    })

    test('a batch sees its own writes, in gets and scans', () => {
      put('current', [bytes(1), text('a')], [bytes(3), text('c')])
      store.write((batch) => {
        const space = store.keyspace('current')
        batch.put(space, bytes(2), text('b'))
        batch.delete(space, bytes(3))
        batch.put(space, bytes(1), text('changed'))
        expect(get(batch, bytes(1))).toBe('changed')
        expect(get(batch, bytes(2))).toBe('b')
        expect(get(batch, bytes(3))).toBeUndefined()
        expect(scan(batch)).toEqual(['01', '02'])
        expect(scan(batch, { reverse: true })).toEqual(['02', '01'])
        batch.put(space, bytes(0), text('0'))
        expect(scan(batch)).toEqual(['00', '01', '02'])
      })
    })

    test('a snapshot taken inside a body is of the state before', () => {
      put('current', [bytes(1), text('a')])
      let inside = undefined as unknown as ReturnType<Store['snapshot']>
      store.write((batch) => {
        batch.put(store.keyspace('current'), bytes(1), text('b'))
        inside = store.snapshot()
        expect(get(inside, bytes(1))).toBe('a')
        batch.put(store.keyspace('current'), bytes(2), text('c'))
        expect(scan(inside)).toEqual(['01'])
      })
      expect(get(inside, bytes(1))).toBe('a')
      const after = store.snapshot()
      expect(get(after, bytes(1))).toBe('b')
      put('current', [bytes(1), text('d')])
      expect(get(inside, bytes(1))).toBe('a')
      expect(get(after, bytes(1))).toBe('b')
      inside.release()
      after.release()
    })

    test('a body that throws leaves everything as it was, and the store usable', () => {
      put('current', [bytes(1), text('a')])
      const problem = new Error('no')
      expect(() =>
        store.write((batch) => {
          for (const name of KEYSPACE_NAMES) batch.put(store.keyspace(name), bytes(9), text('x'))
          batch.delete(store.keyspace('current'), bytes(1))
          throw problem
        }),
      ).toThrow(problem)
      const snapshot = store.snapshot()
      for (const name of KEYSPACE_NAMES) expect(get(snapshot, bytes(9), name)).toBeUndefined()
      expect(get(snapshot, bytes(1))).toBe('a')
      snapshot.release()
      // Keys in order after an abort: the store must not believe that the aborted ones are there.
      put('current', [bytes(8), text('h')], [bytes(9), text('i')])
      put('current', [bytes(5), text('e')])
      const after = store.snapshot()
      expect(scan(after)).toEqual(['01', '05', '08', '09'])
      after.release()
    })

    test('writes do not nest, batches do not outlive their body', () => {
      let escaped: { put: unknown } & Reader = undefined as never
      expect(() => store.write(() => store.write(() => {}))).toThrow(/nest/)
      store.write((batch) => {
        escaped = batch
      })
      expect(() => get(escaped, bytes(1))).toThrow(/batch/)
      expect(() => scan(escaped)).toThrow(/batch/)
      put('current', [bytes(1), text('still works')])
    })

    test('refuses everything after close', async () => {
      put('current', [bytes(1), text('a')])
      const snapshot = store.snapshot()
      const cursor = snapshot.scan(store.keyspace('current'))
      await store.close()
      expect(() => store.snapshot()).toThrow(SessionError)
      expect(() => store.write(() => {})).toThrow(SessionError)
      expect(() => get(snapshot, bytes(1))).toThrow(SessionError)
      expect(() => scan(snapshot)).toThrow(SessionError)
      expect(cursor.next()).toBeTypeOf('boolean')
      await store.close()
    })

    test('does what a plain map does, over random histories', () => {
      const key = fc.uint8Array({ minLength: 1, maxLength: 3, max: 3 })
      const space = fc.constantFrom<KeyspaceName>('current', 'index', 'tree')
      const operation = fc.oneof(
        {
          weight: 5,
          arbitrary: fc.record({
            kind: fc.constantFrom('put' as const, 'add' as const),
            space,
            key,
            value: fc.uint8Array({ maxLength: 40 }),
          }),
        },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('delete' as const), space, key }) },
      )
      const bound = fc.option(key, { nil: undefined })
      const range = fc.record({
        from: bound,
        to: bound,
        reverse: fc.boolean(),
        limit: fc.option(fc.nat(10), { nil: undefined }),
        skip: fc.option(fc.nat(10), { nil: undefined }),
        isFleeting: fc.boolean(),
      })
      const step = fc.oneof(
        {
          weight: 5,
          arbitrary: fc.record({
            kind: fc.constant('write' as const),
            operations: fc.array(operation, { maxLength: 12 }),
            aborts: fc.boolean(),
            space,
            range,
          }),
        },
        { weight: 3, arbitrary: fc.record({ kind: fc.constant('scan' as const), space, range }) },
        { weight: 2, arbitrary: fc.record({ kind: fc.constant('snapshot' as const) }) },
      )
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
          const store = make()
          let model = new Model()
          const taken: { snapshot: ReturnType<Store['snapshot']>; model: Model }[] = []
          const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex')
          for (const step of steps) {
            if (step.kind === 'snapshot') taken.push({ snapshot: store.snapshot(), model: model.copy() })
            else if (step.kind === 'scan') {
              const snapshot = store.snapshot()
              expect(entries(snapshot.scan(store.keyspace(step.space), step.range))).toEqual(
                model.scan(step.space, step.range),
              )
              snapshot.release()
            } else {
              const next = model.copy()
              const run = (): void =>
                store.write((batch) => {
                  for (const operation of step.operations) {
                    const space = next.spaces.get(operation.space)!
                    if (operation.kind === 'put') {
                      batch.put(store.keyspace(operation.space), operation.key, operation.value)
                      space.set(hex(operation.key), hex(operation.value))
                    } else if (operation.kind === 'add') {
                      const isNew = !space.has(hex(operation.key))
                      expect(batch.add(store.keyspace(operation.space), operation.key, operation.value)).toBe(isNew)
                      if (isNew) space.set(hex(operation.key), hex(operation.value))
                    } else {
                      batch.delete(store.keyspace(operation.space), operation.key)
                      space.delete(hex(operation.key))
                    }
                    const got = batch.get(store.keyspace(operation.space), operation.key)
                    expect(got === undefined ? undefined : hex(got)).toBe(space.get(hex(operation.key)))
                  }
                  expect(entries(batch.scan(store.keyspace(step.space), step.range))).toEqual(
                    next.scan(step.space, step.range),
                  )
                  if (step.aborts) throw new RangeError('aborted')
                })
              if (step.aborts) expect(run).toThrow(new RangeError('aborted'))
              else {
                run()
                model = next
              }
            }
          }
          taken.push({ snapshot: store.snapshot(), model })
          for (const { snapshot, model } of taken) {
            for (const name of KEYSPACE_NAMES) {
              expect(entries(snapshot.scan(store.keyspace(name)))).toEqual(model.scan(name, {}))
              for (const [key, value] of model.spaces.get(name)!)
                for (const got of [
                  snapshot.get(store.keyspace(name), Buffer.from(key, 'hex'))!,
                  at(snapshot.find(store.keyspace(name), Buffer.from(key, 'hex'))!),
                  at(snapshot.peek(store.keyspace(name), Buffer.from(key, 'hex'))!),
                ]) {
                  expect(hex(got)).toBe(value)
                }
            }
            snapshot.release()
          }
          void store.close()
        }),
        { numRuns: 60 },
      )
    })
  })
}
