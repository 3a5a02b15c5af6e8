import BTreeModule from 'sorted-btree'
import { assert, SessionError } from '../errors.ts'
import {
  type Cursor,
  checkKey,
  KEYSPACE_NAMES,
  type Keyspace,
  type KeyspaceName,
  type ScanRange,
  type Snapshot,
  type Store,
  type ValuePlace,
  type WriteBatch,
} from './store.ts'

// CommonJS: Node's loader hands over the exports object, in which the class is `default`.
const BTree = BTreeModule.default
type Entry = readonly [key: Uint8Array, value: Uint8Array]
type Tree = BTreeModule.default<string, Entry>

/**
 * Keys as Latin-1 strings: one character a byte, so that the order of strings is the unsigned order of bytes, and a
 * comparison is one machine comparison instead of a call into native code.
 */
function text(key: Uint8Array): string {
  return Buffer.prototype.latin1Slice.call(key, 0, key.length)
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

class MemoryKeyspace implements Keyspace {
  readonly name: KeyspaceName
  readonly position: number

  constructor(name: KeyspaceName, position: number) {
    this.name = name
    this.position = position
  }
}

class MemoryCursor implements Cursor {
  readonly #entries: IterableIterator<[string, Entry]>
  readonly #first: string | undefined
  readonly #end: string | undefined
  readonly #reverse: boolean
  #left: number
  #skip: number
  #entry: Entry | undefined

  constructor(tree: Tree, range: ScanRange) {
    const from = range.from === undefined ? undefined : text(range.from)
    const to = range.to === undefined ? undefined : text(range.to)
    this.#reverse = range.reverse ?? false
    this.#left = range.limit ?? Number.POSITIVE_INFINITY
    this.#skip = range.skip ?? 0
    this.#first = this.#reverse ? to : undefined
    this.#end = this.#reverse ? from : to
    this.#entries = this.#reverse ? tree.entriesReversed(to) : tree.entries(from)
  }

  next(): boolean {
    while (this.#left > 0) {
      const step = this.#entries.next()
      if (step.done) break
      const [key, entry] = step.value
      if (key === this.#first) continue // the upper bound itself, which a reverse walk meets first
      if (this.#end !== undefined && (this.#reverse ? key < this.#end : key >= this.#end)) break
      if (this.#skip-- > 0) continue
      this.#entry = entry
      this.#left--
      return true
    }
    this.close()
    return false
  }

  get key(): Uint8Array {
    assert(this.#entry !== undefined, 'a cursor is read only after next() returned true')
    return this.#entry[0]
  }

  get value(): Uint8Array {
    assert(this.#entry !== undefined, 'a cursor is read only after next() returned true')
    return this.#entry[1]
  }

  get keyBytes(): Uint8Array {
    return this.key
  }

  get keyStart(): number {
    return 0
  }

  get keyEnd(): number {
    return this.key.length
  }

  get valueBytes(): Uint8Array {
    return this.value
  }

  get valueStart(): number {
    return 0
  }

  get valueEnd(): number {
    return this.value.length
  }

  close(): void {
    this.#left = 0
  }
}

class MemorySnapshot implements Snapshot {
  readonly #store: MemoryStore
  readonly #trees: readonly Tree[]
  #holders = 1

  constructor(store: MemoryStore, trees: readonly Tree[]) {
    this.#store = store
    this.#trees = trees
  }

  retain(): void {
    this.#check()
    this.#holders++
  }

  release(): void {
    this.#check()
    this.#holders--
  }

  get(keyspace: Keyspace, key: Uint8Array): Uint8Array | undefined {
    checkKey(key)
    return this.#tree(keyspace).get(text(key))?.[1]
  }

  peek(keyspace: Keyspace, key: Uint8Array): ValuePlace | undefined {
    return this.find(keyspace, key)
  }

  find(keyspace: Keyspace, key: Uint8Array): ValuePlace | undefined {
    const bytes = this.get(keyspace, key)
    return bytes && { bytes, start: 0, end: bytes.length }
  }

  scan(keyspace: Keyspace, range: ScanRange = {}): Cursor {
    return new MemoryCursor(this.#tree(keyspace), range)
  }

  #tree(keyspace: Keyspace): Tree {
    this.#check()
    return this.#trees[(keyspace as MemoryKeyspace).position] as Tree
  }

  #check(): void {
    if (this.#holders <= 0) throw new SessionError('LEDGER_CLOSED', 'This snapshot was released. Take a new one.')
    if (!this.#store.isOpen) throw new SessionError('LEDGER_CLOSED', 'The store is closed. Open the ledger again.')
  }
}

class MemoryBatch implements WriteBatch {
  readonly trees: Tree[]
  readonly #owned: boolean[] = []
  #isOpen = true

  constructor(trees: readonly Tree[]) {
    this.trees = [...trees]
  }

  get(keyspace: Keyspace, key: Uint8Array): Uint8Array | undefined {
    checkKey(key)
    return this.#tree(keyspace).get(text(key))?.[1]
  }

  scan(keyspace: Keyspace, range: ScanRange = {}): Cursor {
    // A clone costs nothing until one side changes, and keeps the walk steady while the body writes.
    return new MemoryCursor(this.#tree(keyspace).clone(), range)
  }

  put(keyspace: Keyspace, key: Uint8Array, value: Uint8Array): void {
    checkKey(key)
    this.#changing(keyspace).set(text(key), [key.slice(), value.slice()])
  }

  add(keyspace: Keyspace, key: Uint8Array, value: Uint8Array): boolean {
    if (this.get(keyspace, key) !== undefined) return false
    this.put(keyspace, key, value)
    return true
  }

  delete(keyspace: Keyspace, key: Uint8Array): void {
    checkKey(key)
    this.#changing(keyspace).delete(text(key))
  }

  end(): void {
    this.#isOpen = false
  }

  #tree(keyspace: Keyspace): Tree {
    assert(this.#isOpen, 'a write batch is used only inside its body')
    return this.trees[(keyspace as MemoryKeyspace).position] as Tree
  }

  #changing(keyspace: Keyspace): Tree {
    const { position } = keyspace as MemoryKeyspace
    const tree = this.#tree(keyspace)
    if (this.#owned[position]) return tree
    this.#owned[position] = true
    const copy = tree.clone()
    this.trees[position] = copy
    return copy
  }
}

/**
 * A store in memory: the `:memory:` ledger, and the model that {@link LmdbStore} is tested against.
 *
 * One copy-on-write B+ tree a key space (sorted-btree): a snapshot is a copy of eight pointers, a write touches
 * copies of the nodes on its path. An aborted write is simply forgotten.
 */
export class MemoryStore implements Store {
  readonly path: string = ':memory:'
  readonly #keyspaces: readonly MemoryKeyspace[] = KEYSPACE_NAMES.map((name, index) => new MemoryKeyspace(name, index))
  #trees: readonly Tree[] = KEYSPACE_NAMES.map(() => new BTree<string, Entry>(undefined, compareText))
  #isWriting = false
  #isOpen = true

  keyspace(name: KeyspaceName): Keyspace {
    const found = this.#keyspaces[KEYSPACE_NAMES.indexOf(name)]
    if (found === undefined) throw new RangeError(`'name' expected one of ${KEYSPACE_NAMES.join(', ')}, got ${name}`)
    return found
  }

  snapshot(): Snapshot {
    this.#check()
    return new MemorySnapshot(this, this.#trees)
  }

  write(body: (batch: WriteBatch) => void): void {
    this.#check()
    assert(!this.#isWriting, 'writes do not nest')
    this.#isWriting = true
    const batch = new MemoryBatch(this.#trees)
    try {
      body(batch)
      this.#trees = batch.trees
    } finally {
      batch.end()
      this.#isWriting = false
    }
  }

  async close(): Promise<void> {
    this.#isOpen = false
  }

  /** False after {@link close}. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  #check(): void {
    if (!this.#isOpen) throw new SessionError('LEDGER_CLOSED', 'The store is closed. Open the ledger again.')
  }
}
