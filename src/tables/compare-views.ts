import { CorruptionError } from '../errors.ts'
import { equals } from '../ion/index.ts'
import { KEYSPACE_NAMES, type KeyspaceName, type Snapshot } from '../storage/index.ts'
import { compareBytes, HEADER_SIZE, ID_SIZE, readId, readUint32, readUint53 } from './layout.ts'
import { CurrentRevision } from './stored-revision.ts'
import type { TableViews } from './views.ts'

/** One place where stored views are not what the journal says. */
export interface ViewDifference {
  readonly keyspace: KeyspaceName
  /** `missing`: it should be there; `unexpected`: it should not; `unreadable`: its bytes are damaged. */
  readonly kind: 'missing' | 'unexpected' | 'different' | 'unreadable'
  readonly table: string | undefined
  readonly documentId: string | undefined
  readonly version: number | undefined
  readonly sequenceNo: number | undefined
  /** The part of the value that differs, for example `hash` or `data.owner`; undefined when the whole entry does. */
  readonly field: string | undefined
}

/**
 * Compares stored views with views rebuilt from the journal, key by key and byte by byte, and says what differs.
 *
 * Cost: one scan of both; nothing is kept. Stops in a keyspace at the first bytes that cannot be read.
 *
 * @param actual what is stored
 * @param expected the fold of the journal, in a store of its own
 * @param left the state of `actual` to compare; the newest when left out
 */
export function* compareViews(
  actual: TableViews,
  expected: TableViews,
  left: Snapshot = actual.store.snapshot(),
): Generator<ViewDifference> {
  const right = expected.store.snapshot()
  try {
    for (const name of KEYSPACE_NAMES) {
      const stored = left.scan(actual.store.keyspace(name), {})
      const rebuilt = right.scan(expected.store.keyspace(name), {})
      const describe = (
        kind: ViewDifference['kind'],
        key: Uint8Array,
        value: Uint8Array,
        rebuiltValue?: Uint8Array,
      ): ViewDifference => ({ keyspace: name, kind, ...placeOf(name, key, value, rebuiltValue, expected) })
      try {
        let hasStored = stored.next()
        let hasRebuilt = rebuilt.next()
        while (hasStored || hasRebuilt) {
          const order = !hasStored ? 1 : !hasRebuilt ? -1 : compareBytes(stored.key, rebuilt.key)
          if (order < 0) {
            yield describe('unexpected', stored.key, stored.value)
          } else if (order > 0) {
            yield describe('missing', rebuilt.key, rebuilt.value)
          } else if (compareBytes(stored.value, rebuilt.value) !== 0) {
            yield describe('different', stored.key, stored.value, rebuilt.value)
          }
          if (order <= 0) hasStored = stored.next()
          if (order >= 0) hasRebuilt = rebuilt.next()
        }
      } catch (error) {
        if (!(error instanceof CorruptionError)) throw error
        yield { keyspace: name, kind: 'unreadable', ...NOWHERE }
      } finally {
        stored.close()
        rebuilt.close()
      }
    }
  } finally {
    left.release()
    right.release()
  }
}

type Place = Omit<ViewDifference, 'keyspace' | 'kind'>

const NOWHERE: Place = {
  table: undefined,
  documentId: undefined,
  version: undefined,
  sequenceNo: undefined,
  field: undefined,
}

function placeOf(
  name: KeyspaceName,
  key: Uint8Array,
  value: Uint8Array,
  rebuiltValue: Uint8Array | undefined,
  views: TableViews,
): Place {
  if (key.length < 4) return NOWHERE
  const tableName = (): string | undefined => views.catalog.tables()[readUint32(key, 0)]?.name
  switch (name) {
    case 'current':
      if (key.length !== 4 + ID_SIZE) return NOWHERE
      return {
        ...NOWHERE,
        table: tableName(),
        documentId: readId(key, 4),
        field: rebuiltValue === undefined ? undefined : currentField(key, value, rebuiltValue, views),
      }
    case 'history':
      if (key.length !== 8 + ID_SIZE) return NOWHERE
      return { ...NOWHERE, table: tableName(), documentId: readId(key, 4), version: readUint32(key, 4 + ID_SIZE) }
    case 'index': {
      const number = readUint32(key, 0)
      for (const table of views.catalog.tables()) {
        const index = table.indexes.find((each) => each.number === number)
        if (index === undefined) continue
        const documentId = value.length > 0 ? readId(value, 1) : readId(key, key.length - ID_SIZE)
        return { ...NOWHERE, table: table.name, documentId, field: index.field }
      }
      return NOWHERE
    }
    case 'catalog':
      return { ...NOWHERE, table: tableName() }
    case 'blocks':
      return key.length === 8 ? { ...NOWHERE, sequenceNo: readUint53(key, 0) } : NOWHERE
    case 'tree':
      return key.length === 8 ? { ...NOWHERE, field: `tree[${readUint53(key, 0)}]` } : NOWHERE
    case 'symbols':
      return { ...NOWHERE, field: `symbols[${readUint32(key, 0)}]` }
    case 'meta':
      return { ...NOWHERE, field: `meta ${String.fromCharCode(...key.subarray(0, 7))}` }
  }
}

/** Start of each part of a current revision's header, see `layout.ts`. */
const HEADER_FIELDS: readonly (readonly [string, number])[] = [
  ['version', 0],
  ['sequenceNo', 4],
  ['ordinal', 12],
  ['txTime', 16],
  ['txId', 24],
  ['hash', 46],
]

function currentField(key: Uint8Array, stored: Uint8Array, rebuilt: Uint8Array, views: TableViews): string | undefined {
  let position = 0
  while (position < stored.length && stored[position] === rebuilt[position]) position++
  if (position < HEADER_SIZE) return HEADER_FIELDS.findLast(([, start]) => start <= position)?.[0]
  try {
    const now = new CurrentRevision(key, stored, views.symbols).data
    const then = new CurrentRevision(key, rebuilt, views.symbols).data
    const field = then.fields.find(({ name, value }) => {
      const found = now.get(name)
      return found === undefined || !equals(found, value)
    })
    return field === undefined ? 'data' : `data.${field.name}`
  } catch {
    return 'data'
  }
}
