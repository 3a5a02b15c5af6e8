import { readSync } from 'node:fs'
import { checksum } from './value-checksum.ts'

// Layout of LMDB's file, data format 2 as lmdb-js 3.5.6 compiles it for 64-bit little-endian machines (mdb.c:
// MDB_page_header, MDB_node, MDB_ovpage, MDB_db, MDB_meta; PAGEBASE is the size of the page header).
const PAGE_HEADER_SIZE = 24
const AT_PAGE_TRANSACTION = 8
const AT_PAGE_FLAGS = 18
const AT_LOWER = 20
const AT_UPPER = 22
const BRANCH = 0x01
const LEAF = 0x02
const OVERFLOW = 0x04
const NODE_HEADER_SIZE = 8
const BIG_DATA = 0x01
const SUB_DATABASE = 0x02
const OVERFLOW_REFERENCE_SIZE = 24
const DATABASE_SIZE = 48
const AT_META = PAGE_HEADER_SIZE
/** From the magic number over mapped address to the map's size: what both meta pages share. */
const SHARED_META_SIZE = 24
const AT_FREE_DATABASE = AT_META + 24
const AT_MAIN_DATABASE = AT_FREE_DATABASE + DATABASE_SIZE
const AT_LAST_PAGE = AT_MAIN_DATABASE + DATABASE_SIZE
const AT_TRANSACTION = AT_LAST_PAGE + 8
/** Deeper trees do not exist in LMDB (CURSOR_STACK). */
const MAX_DEPTH = 32
/** Keys are shorter than pages, which have 64 KiB at most. */
const MAX_KEY_SIZE = 65536
/** LMDB may count pages at the end that it never wrote; more than so many it does not. */
const UNWRITTEN_PAGES = 65536

/** A finding; never leaves this module. */
class Damage extends Error {}

interface Database {
  readonly depth: number
  readonly flags: number
  readonly branchPages: number
  readonly leafPages: number
  readonly overflowPages: number
  readonly entries: number
  readonly root: number
}

/** An entry of a leaf: where its key and its data stand. */
type Visit = (
  key: Buffer,
  keyStart: number,
  keyLength: number,
  data: Buffer,
  dataStart: number,
  dataLength: number,
  flags: number,
) => void

/** The data file at one moment: an open file, its two meta pages, and how large it was when they were read. */
export interface DataFile {
  readonly fd: number
  readonly sizeBytes: number
  readonly pageSize: number
  /** Pages 0 and 1, as far as the end of the meta. */
  readonly metas: readonly [Uint8Array, Uint8Array]
  /** Which of them is the newer one: the state that is checked. */
  readonly newest: 0 | 1
}

/**
 * Walks everything in the state that a data file's newer meta page names, so that native code never meets a damaged page
 * and no entry is hidden by one. Nobody may write to the file, or a read transaction must be open on that state or an
 * earlier one: then LMDB, which never changes a page of a state but writes new ones, does not use its pages again.
 *
 * Checked are, as LMDB's own invariants: every page is what it is reached as and is reached once; pages in use and free
 * pages are disjoint; keys rise, within pages and across them, and keep within what the branches say; every tree has as
 * many pages and entries as it says, nodes fill exactly what their page says; beyond LMDB, each value fits its
 * checksum, and every key space is there. A page that a damaged pointer leads to is reached twice, or is free, or has
 * entries of another place; a hidden entry is missing from the count.
 *
 * Cost: reads every used page; about 250 MB/s. Stops after each page, so that it can be done in pieces.
 *
 * @param seeds names and checksum seeds of the key spaces
 * @returns a sentence saying what is wrong, or undefined
 */
export function* checkDataFile(
  file: DataFile,
  seeds: ReadonlyMap<string, number>,
): Generator<undefined, string | undefined> {
  try {
    yield* new Walk(file).run(seeds)
    return undefined
  } catch (error) {
    // Numbers that lead out of a page are damage as well.
    if (error instanceof Damage || error instanceof RangeError) return error.message
    throw error
  }
}

type Steps = Generator<undefined, void>

class Walk {
  readonly #file: DataFile
  readonly #pageSize: number
  readonly #lastPage: number
  readonly #transaction: number
  readonly #meta: Buffer
  /** One byte a page: whether something led to it. */
  readonly #reached: Uint8Array
  /** The pages on the way from a root to where the walk is, by their height above the leaves. */
  readonly #path: Buffer[] = []
  #large: Buffer = Buffer.alloc(0)
  #leafPages = 0
  #branchPages = 0
  #overflowPages = 0
  #entries = 0
  /** The previous key in the order of the tree; its length is -1 when there is none. */
  readonly #previous: Buffer = Buffer.alloc(MAX_KEY_SIZE)
  #previousLength = -1
  /** The previous key is a branch's: the next may equal it. */
  #isFloor = false

  constructor(file: DataFile) {
    this.#file = file
    this.#pageSize = file.pageSize
    this.#meta = asBuffer(file.metas[file.newest])
    this.#lastPage = uint53(this.#meta, AT_LAST_PAGE)
    this.#transaction = uint53(this.#meta, AT_TRANSACTION)
    this.#reached = new Uint8Array(Math.ceil(file.sizeBytes / file.pageSize) + UNWRITTEN_PAGES)
    demand(this.#lastPage < this.#reached.length, 'it counts more pages than it has')
  }

  *run(seeds: ReadonlyMap<string, number>): Steps {
    const [first, second] = this.#file.metas.map(asBuffer) as [Buffer, Buffer]
    const sharedEnd = AT_META + SHARED_META_SIZE
    demand(
      first.compare(second, AT_META, AT_META + 16, AT_META, AT_META + 16) === 0 &&
        first.compare(second, sharedEnd, sharedEnd + 6, sharedEnd, sharedEnd + 6) === 0,
      'its meta pages disagree',
    )
    demand(uint53(first, 0) === 0 && uint53(second, 0) === 1, 'a meta page has another number')
    this.#reached.fill(1, 0, 2)

    const spaces = new Map<string, Database>()
    const main = databaseAt(this.#meta, AT_MAIN_DATABASE)
    demand(main.flags === 0, 'its table of key spaces has unknown flags')
    yield* this.#tree(main, false, (key, keyStart, keyLength, data, at, length, flags) => {
      demand(flags === SUB_DATABASE && length === DATABASE_SIZE, 'its table of key spaces is damaged')
      // lmdb-js ends names with a zero.
      const name = key.toString('latin1', keyStart, keyStart + keyLength - 1)
      spaces.set(name, databaseAt(data, at))
    })
    demand(spaces.size === 0 || spaces.size === seeds.size, `it has ${spaces.size} key spaces, not ${seeds.size}`)
    for (const [name, database] of spaces) {
      const seed = seeds.get(name)
      if (seed === undefined) throw new Damage(`it has an unknown key space ${JSON.stringify(name)}`)
      demand(database.flags === 0, `key space ${name} has unknown flags`)
      yield* this.#tree(database, false, (key, keyStart, keyLength, data, dataStart, dataLength) => {
        if (!fitsChecksum(seed, key, keyStart, keyLength, data, dataStart, dataLength))
          throw new Damage(`a value of key space ${name} does not match its checksum`)
      })
    }
    const free = databaseAt(this.#meta, AT_FREE_DATABASE)
    yield* this.#tree(free, true, (_, __, keyLength, data, dataStart, dataLength) => {
      demand(keyLength === 8, 'its list of free pages is damaged')
      this.#freePages(data, dataStart, dataLength)
    })
  }

  *#tree(database: Database, isFree: boolean, visit: Visit): Steps {
    this.#leafPages = 0
    this.#branchPages = 0
    this.#overflowPages = 0
    this.#entries = 0
    this.#previousLength = -1
    demand(database.depth <= MAX_DEPTH, 'a tree is too deep')
    if (database.depth > 0) yield* this.#page(database.root, database.depth, isFree, visit)
    demand(
      this.#leafPages === database.leafPages &&
        this.#branchPages === database.branchPages &&
        this.#overflowPages === database.overflowPages &&
        this.#entries === database.entries,
      'a tree does not have the pages and entries that it counts',
    )
  }

  *#page(page: number, depth: number, isFree: boolean, visit: Visit): Steps {
    this.#path[depth] ??= Buffer.allocUnsafeSlow(this.#pageSize)
    const bytes = this.#path[depth]
    this.#use(page, 1, bytes)
    const isLeaf = depth === 1
    demand(bytes.readUInt16LE(AT_PAGE_FLAGS) === (isLeaf ? LEAF : BRANCH), `page ${page} is of another kind`)
    if (isLeaf) this.#leafPages++
    else this.#branchPages++

    const base = PAGE_HEADER_SIZE
    const room = this.#pageSize - PAGE_HEADER_SIZE
    const lower = bytes.readUInt16LE(AT_LOWER)
    const upper = bytes.readUInt16LE(AT_UPPER)
    demand((lower & 1) === 0 && lower > 0 && lower <= upper && upper <= room, `page ${page} has a damaged header`)
    let used = 0
    for (let index = 0; index < lower >>> 1; index++) {
      const offset = bytes.readUInt16LE(base + index * 2)
      demand(offset >= upper && offset + NODE_HEADER_SIZE <= room, 'a node lies outside its page')
      const node = base + offset
      const keyStart = node + NODE_HEADER_SIZE
      const keyLength = bytes.readUInt16LE(node + 6)
      if (!isLeaf) {
        demand(offset + NODE_HEADER_SIZE + keyLength <= room, 'a key lies outside its page')
        used += NODE_HEADER_SIZE + ((keyLength + 1) & ~1)
        if (index > 0) this.#follow(bytes, keyStart, keyLength, isFree, true)
        const child = bytes.readUInt32LE(node) + bytes.readUInt16LE(node + 4) * 0x1_0000_0000
        yield* this.#page(child, depth - 1, isFree, visit)
        continue
      }
      const flags = bytes.readUInt16LE(node + 4)
      const length = bytes.readUInt32LE(node)
      const isBig = (flags & BIG_DATA) !== 0
      demand((flags & ~(BIG_DATA | SUB_DATABASE)) === 0, 'a node is of an unknown kind')
      const inside = isBig ? OVERFLOW_REFERENCE_SIZE : length
      demand(keyLength > 0 && offset + NODE_HEADER_SIZE + keyLength + inside <= room, 'a node is too long')
      used += NODE_HEADER_SIZE + ((keyLength + inside + 1) & ~1)
      this.#follow(bytes, keyStart, keyLength, isFree, false)
      this.#entries++
      const at = keyStart + keyLength
      if (isBig) {
        const data = this.#overflow(bytes, at, length)
        visit(bytes, keyStart, keyLength, data, PAGE_HEADER_SIZE, length, flags & ~BIG_DATA)
        // A large value is work enough for one step.
        yield
      } else visit(bytes, keyStart, keyLength, bytes, at, length, flags)
    }
    demand(used === room - upper, `page ${page} is not filled as its header says`)
    if (isLeaf) yield
  }

  /** The pages behind a node that a value did not fit in. */
  #overflow(node: Buffer, at: number, length: number): Buffer {
    const page = uint53(node, at)
    const count = Math.floor((PAGE_HEADER_SIZE - 1 + length) / this.#pageSize) + 1
    demand(uint53(node, at + 16) === count, 'a large value has another number of pages')
    demand((page + count) * this.#pageSize <= this.#file.sizeBytes, 'a large value lies outside the file')
    if (this.#large.length < count * this.#pageSize) this.#large = Buffer.allocUnsafeSlow(2 * count * this.#pageSize)
    const bytes = this.#large
    this.#use(page, count, bytes)
    demand(
      bytes.readUInt16LE(AT_PAGE_FLAGS) === OVERFLOW && bytes.readUInt32LE(AT_LOWER) === count,
      `page ${page} is of another kind`,
    )
    for (let next = page + 1; next < page + count; next++) this.#reach(next)
    this.#overflowPages += count
    return bytes
  }

  /** Takes the next key in the order of the tree, a leaf's or a branch's. */
  #follow(bytes: Buffer, start: number, length: number, isNumber: boolean, isFloor: boolean): void {
    const previous = this.#previous
    if (this.#previousLength >= 0) {
      const order = isNumber
        ? uint53(bytes, start) - uint53(previous, 0)
        : bytes.compare(previous, 0, this.#previousLength, start, start + length)
      demand(order > 0 || (order === 0 && this.#isFloor && !isFloor), 'keys do not rise')
    }
    demand(length <= MAX_KEY_SIZE, 'a key is too long')
    bytes.copy(previous, 0, start, start + length)
    this.#previousLength = length
    this.#isFloor = isFloor
  }

  /** An array of 64-bit words: how many follow; each is a page, 0 for none, or minus a count and then the first page. */
  #freePages(data: Buffer, start: number, length: number): void {
    const count = int64(data, start)
    demand(count >= 0 && 8 * (count + 1) <= length, 'its list of free pages is damaged')
    for (let index = 1; index <= count; index++) {
      const word = int64(data, start + index * 8)
      if (word === 0) continue
      if (word > 0) this.#reach(word)
      else {
        index++
        demand(index <= count && -word <= this.#lastPage, 'its list of free pages is damaged')
        const first = int64(data, start + index * 8)
        for (let page = first; page < first - word; page++) this.#reach(page)
      }
    }
  }

  /** Reads the page that a tree uses, with those behind it that belong to it. */
  #use(page: number, count: number, target: Buffer): void {
    this.#reach(page)
    const sizeBytes = count * this.#pageSize
    const start = page * this.#pageSize
    demand(start + sizeBytes <= this.#file.sizeBytes, `page ${page} lies outside the file`)
    demand(readSync(this.#file.fd, target, 0, sizeBytes, start) === sizeBytes, `page ${page} lies outside the file`)
    demand(uint53(target, 0) === page, `page ${page} says another number`)
    demand(uint53(target, AT_PAGE_TRANSACTION) <= this.#transaction, `page ${page} is newer than the file`)
  }

  #reach(page: number): void {
    demand(page >= 2 && page <= this.#lastPage, 'something leads to a page that does not exist')
    demand(this.#reached[page] === 0, 'a page is used twice, or used and free')
    this.#reached[page] = 1
  }
}

function fitsChecksum(
  seed: number,
  key: Buffer,
  keyStart: number,
  keyLength: number,
  data: Buffer,
  dataStart: number,
  dataLength: number,
): boolean {
  if (dataLength < 4) return false
  const valueLength = dataLength - 4
  if (scratch.length < keyLength + valueLength + 16) {
    scratch = new Uint8Array(new ArrayBuffer((2 * (keyLength + valueLength + 16) + 3) & ~3))
    scratchWords = new Int32Array(scratch.buffer)
  }
  const valueAt = (keyLength + 3) & ~3
  key.copy(scratch, 0, keyStart, keyStart + keyLength)
  data.copy(scratch, valueAt, dataStart + 4, dataStart + dataLength)
  const found = checksum(seed, scratchWords, 0, keyLength, scratchWords, valueAt >>> 2, valueLength)
  return found === data.readInt32LE(dataStart)
}

function databaseAt(bytes: Buffer, at: number): Database {
  return {
    flags: bytes.readUInt16LE(at + 4),
    depth: bytes.readUInt16LE(at + 6),
    branchPages: uint53(bytes, at + 8),
    leafPages: uint53(bytes, at + 16),
    overflowPages: uint53(bytes, at + 24),
    entries: uint53(bytes, at + 32),
    root: uint53(bytes, at + 40),
  }
}

function uint53(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 0x1_0000_0000
}

function int64(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readInt32LE(at + 4) * 0x1_0000_0000
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
}

let scratch: Uint8Array = new Uint8Array(new ArrayBuffer(65536))
let scratchWords: Int32Array = new Int32Array(scratch.buffer)

function demand(condition: boolean, otherwise: string): void {
  if (!condition) throw new Damage(otherwise)
}
