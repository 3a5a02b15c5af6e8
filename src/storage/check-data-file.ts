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

/** An entry of a leaf, as offsets into the file. */
type Visit = (keyStart: number, keyLength: number, dataStart: number, dataLength: number, flags: number) => void

/**
 * Walks everything in a data file that no process has open, so that native code never meets a damaged page and no entry
 * is hidden by one.
 *
 * Checked are, as LMDB's own invariants: every page is what it is reached as and is reached once; pages in use and free
 * pages are disjoint; keys rise, within pages and across them, and keep within what the branches say; every tree has as
 * many pages and entries as it says, nodes fill exactly what their page says; beyond LMDB, each value fits its
 * checksum, and every key space is there. A page that a damaged pointer leads to is reached twice, or is free, or has
 * entries of another place; a hidden entry is missing from the count.
 *
 * Cost: reads every used page; about 250 MB/s.
 *
 * @param bytes the whole file, both of whose meta pages were read without fault
 * @param transaction the newer one of the two that the meta pages are of
 * @param seeds names and checksum seeds of the key spaces
 * @returns a sentence saying what is wrong, or undefined
 */
export function checkDataFile(
  bytes: Buffer,
  transaction: bigint,
  pageSize: number,
  seeds: ReadonlyMap<string, number>,
): string | undefined {
  try {
    const isFirst = bytes.readBigUInt64LE(AT_TRANSACTION) === transaction
    new Walk(bytes, isFirst ? 0 : pageSize, pageSize).run(seeds)
    return undefined
  } catch (error) {
    // Numbers that lead out of the buffer are damage as well.
    if (error instanceof Damage || error instanceof RangeError) return error.message
    throw error
  }
}

class Walk {
  readonly #bytes: Buffer
  readonly #pageSize: number
  readonly #lastPage: number
  readonly #transaction: number
  readonly #metaAt: number
  /** One byte a page: whether something led to it. */
  readonly #reached: Uint8Array
  #leafPages = 0
  #branchPages = 0
  #overflowPages = 0
  #entries = 0
  #previousStart = -1
  #previousEnd = -1
  /** The previous key is a branch's: the next may equal it. */
  #isFloor = false

  constructor(bytes: Buffer, metaAt: number, pageSize: number) {
    this.#bytes = bytes
    this.#pageSize = pageSize
    this.#metaAt = metaAt
    this.#lastPage = this.#uint53(metaAt + AT_LAST_PAGE)
    this.#transaction = this.#uint53(metaAt + AT_TRANSACTION)
    this.#reached = new Uint8Array(Math.ceil(bytes.length / pageSize) + UNWRITTEN_PAGES)
    demand(this.#lastPage < this.#reached.length, 'it counts more pages than it has')
  }

  run(seeds: ReadonlyMap<string, number>): void {
    const bytes = this.#bytes
    const [first, second] = [AT_META, this.#pageSize + AT_META]
    demand(
      bytes.compare(bytes, first, first + 16, second, second + 16) === 0 &&
        bytes.compare(
          bytes,
          first + SHARED_META_SIZE,
          first + SHARED_META_SIZE + 6,
          second + SHARED_META_SIZE,
          second + SHARED_META_SIZE + 6,
        ) === 0,
      'its meta pages disagree',
    )
    for (const page of [0, 1]) {
      demand(this.#uint53(page * this.#pageSize) === page, 'a meta page has another number')
      this.#reached[page] = 1
    }

    const spaces = new Map<string, Database>()
    const main = this.#database(this.#metaAt + AT_MAIN_DATABASE)
    demand(main.flags === 0, 'its table of key spaces has unknown flags')
    this.#tree(main, false, (keyStart, keyLength, at, length, flags) => {
      demand(flags === SUB_DATABASE && length === DATABASE_SIZE, 'its table of key spaces is damaged')
      // lmdb-js ends names with a zero.
      const name = bytes.toString('latin1', keyStart, keyStart + keyLength - 1)
      spaces.set(name, this.#database(at))
    })
    demand(spaces.size === 0 || spaces.size === seeds.size, `it has ${spaces.size} key spaces, not ${seeds.size}`)
    for (const [name, database] of spaces) {
      const seed = seeds.get(name)
      if (seed === undefined) throw new Damage(`it has an unknown key space ${JSON.stringify(name)}`)
      demand(database.flags === 0, `key space ${name} has unknown flags`)
      this.#tree(database, false, (keyStart, keyLength, dataStart, dataLength) => {
        if (!this.#fitsChecksum(seed, keyStart, keyLength, dataStart, dataLength))
          throw new Damage(`a value of key space ${name} does not match its checksum`)
      })
    }
    this.#tree(this.#database(this.#metaAt + AT_FREE_DATABASE), true, (_, keyLength, dataStart, dataLength) => {
      demand(keyLength === 8, 'its list of free pages is damaged')
      this.#freePages(dataStart, dataLength)
    })
  }

  #tree(database: Database, isFree: boolean, visit: Visit): void {
    this.#leafPages = 0
    this.#branchPages = 0
    this.#overflowPages = 0
    this.#entries = 0
    this.#previousStart = -1
    demand(database.depth <= MAX_DEPTH, 'a tree is too deep')
    if (database.depth > 0) this.#page(database.root, database.depth, isFree, visit)
    demand(
      this.#leafPages === database.leafPages &&
        this.#branchPages === database.branchPages &&
        this.#overflowPages === database.overflowPages &&
        this.#entries === database.entries,
      'a tree does not have the pages and entries that it counts',
    )
  }

  #page(page: number, depth: number, isFree: boolean, visit: Visit): void {
    const bytes = this.#bytes
    const start = this.#use(page)
    const isLeaf = depth === 1
    demand(bytes.readUInt16LE(start + AT_PAGE_FLAGS) === (isLeaf ? LEAF : BRANCH), `page ${page} is of another kind`)
    if (isLeaf) this.#leafPages++
    else this.#branchPages++

    const base = start + PAGE_HEADER_SIZE
    const room = this.#pageSize - PAGE_HEADER_SIZE
    const lower = bytes.readUInt16LE(start + AT_LOWER)
    const upper = bytes.readUInt16LE(start + AT_UPPER)
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
        if (index > 0) this.#follow(keyStart, keyLength, isFree, true)
        const child = bytes.readUInt32LE(node) + bytes.readUInt16LE(node + 4) * 0x1_0000_0000
        this.#page(child, depth - 1, isFree, visit)
        continue
      }
      const flags = bytes.readUInt16LE(node + 4)
      const length = bytes.readUInt32LE(node)
      const isBig = (flags & BIG_DATA) !== 0
      demand((flags & ~(BIG_DATA | SUB_DATABASE)) === 0, 'a node is of an unknown kind')
      const inside = isBig ? OVERFLOW_REFERENCE_SIZE : length
      demand(keyLength > 0 && offset + NODE_HEADER_SIZE + keyLength + inside <= room, 'a node is too long')
      used += NODE_HEADER_SIZE + ((keyLength + inside + 1) & ~1)
      this.#follow(keyStart, keyLength, isFree, false)
      this.#entries++
      const at = keyStart + keyLength
      visit(keyStart, keyLength, isBig ? this.#overflow(at, length) : at, length, flags & ~BIG_DATA)
    }
    demand(used === room - upper, `page ${page} is not filled as its header says`)
  }

  /** The pages behind a node that a value did not fit in; returns where the value starts. */
  #overflow(at: number, length: number): number {
    const page = this.#uint53(at)
    const count = Math.floor((PAGE_HEADER_SIZE - 1 + length) / this.#pageSize) + 1
    demand(this.#uint53(at + 16) === count, 'a large value has another number of pages')
    const start = this.#use(page)
    demand(
      this.#bytes.readUInt16LE(start + AT_PAGE_FLAGS) === OVERFLOW &&
        this.#bytes.readUInt32LE(start + AT_LOWER) === count,
      `page ${page} is of another kind`,
    )
    for (let next = page + 1; next < page + count; next++) this.#reach(next)
    demand(start + count * this.#pageSize <= this.#bytes.length, 'a large value lies outside the file')
    this.#overflowPages += count
    return start + PAGE_HEADER_SIZE
  }

  /** Takes the next key in the order of the tree, a leaf's or a branch's. */
  #follow(start: number, length: number, isNumber: boolean, isFloor: boolean): void {
    if (this.#previousStart >= 0) {
      const order = isNumber
        ? this.#uint53(start) - this.#uint53(this.#previousStart)
        : this.#bytes.compare(this.#bytes, this.#previousStart, this.#previousEnd, start, start + length)
      demand(order > 0 || (order === 0 && this.#isFloor && !isFloor), 'keys do not rise')
    }
    this.#previousStart = start
    this.#previousEnd = start + length
    this.#isFloor = isFloor
  }

  /** An array of 64-bit words: how many follow; each is a page, 0 for none, or minus a count and then the first page. */
  #freePages(start: number, length: number): void {
    const count = this.#int64(start)
    demand(count >= 0 && 8 * (count + 1) <= length, 'its list of free pages is damaged')
    for (let index = 1; index <= count; index++) {
      const word = this.#int64(start + index * 8)
      if (word === 0) continue
      if (word > 0) this.#reach(word)
      else {
        index++
        demand(index <= count && -word <= this.#lastPage, 'its list of free pages is damaged')
        const first = this.#int64(start + index * 8)
        for (let page = first; page < first - word; page++) this.#reach(page)
      }
    }
  }

  /** Where a page starts that a tree uses. */
  #use(page: number): number {
    this.#reach(page)
    const start = page * this.#pageSize
    demand(start + this.#pageSize <= this.#bytes.length, `page ${page} lies outside the file`)
    demand(this.#uint53(start) === page, `page ${page} says another number`)
    demand(this.#uint53(start + AT_PAGE_TRANSACTION) <= this.#transaction, `page ${page} is newer than the file`)
    return start
  }

  #reach(page: number): void {
    demand(page >= 2 && page <= this.#lastPage, 'something leads to a page that does not exist')
    demand(this.#reached[page] === 0, 'a page is used twice, or used and free')
    this.#reached[page] = 1
  }

  #fitsChecksum(seed: number, keyStart: number, keyLength: number, dataStart: number, dataLength: number): boolean {
    if (dataLength < 4) return false
    const bytes = this.#bytes
    const valueLength = dataLength - 4
    if (scratch.length < keyLength + valueLength + 16) {
      scratch = new Uint8Array(new ArrayBuffer((2 * (keyLength + valueLength + 16) + 3) & ~3))
      scratchWords = new Int32Array(scratch.buffer)
    }
    const valueAt = (keyLength + 3) & ~3
    bytes.copy(scratch, 0, keyStart, keyStart + keyLength)
    bytes.copy(scratch, valueAt, dataStart + 4, dataStart + dataLength)
    const found = checksum(seed, scratchWords, 0, keyLength, scratchWords, valueAt >>> 2, valueLength)
    return found === bytes.readInt32LE(dataStart)
  }

  #database(at: number): Database {
    const bytes = this.#bytes
    return {
      flags: bytes.readUInt16LE(at + 4),
      depth: bytes.readUInt16LE(at + 6),
      branchPages: this.#uint53(at + 8),
      leafPages: this.#uint53(at + 16),
      overflowPages: this.#uint53(at + 24),
      entries: this.#uint53(at + 32),
      root: this.#uint53(at + 40),
    }
  }

  #uint53(at: number): number {
    return this.#bytes.readUInt32LE(at) + this.#bytes.readUInt32LE(at + 4) * 0x1_0000_0000
  }

  #int64(at: number): number {
    return this.#bytes.readUInt32LE(at) + this.#bytes.readInt32LE(at + 4) * 0x1_0000_0000
  }
}

let scratch: Uint8Array = new Uint8Array(new ArrayBuffer(65536))
let scratchWords: Int32Array = new Int32Array(scratch.buffer)

function demand(condition: boolean, otherwise: string): void {
  if (!condition) throw new Damage(otherwise)
}
