import { assert } from '../errors.ts'
import {
  HASH_SIZE_BYTES,
  type Hash,
  hashFromLatin1,
  KERNEL_BASE,
  makeSha256Kernel,
  type Sha256Kernel,
  sha256Latin1,
} from '../hash/index.ts'
import type { Decimal } from './decimal.ts'
import { NO_TEXT } from './symbol-table.ts'
import { civilFromDays, type Timestamp } from './timestamp.ts'
import { encodeUtf8, utf8Size } from './utf8.ts'

/*
 * The canonical serialization of Ion Hash 1.0, written into one reused buffer.
 *
 *     s(scalar)      0B  TQ  escaped representation                 0E
 *     s(null.T)      0B  TF                                         0E
 *     s(list|sexp)   0B  TQ  s(element) s(element) …                0E
 *     s(a::b::v)     0B  E0  s(symbol a) s(symbol b) s(v)           0E
 *     s(struct)      0B  D0  escaped(sorted H(name, value) …)       0E     H = SHA-256 of s(symbol name) s(value)
 *     hash           SHA-256 of s(value)
 *
 * The representation is that of the Ion binary format in its one normal form: ints and coefficients without leading
 * zeros, floats of 8 bytes (0e0 none), symbols as text. `escaped` puts 0C before each 0B, 0C and 0E.
 *
 * The buffer is a stack of messages: that of the outermost value, then those of the fields of the structs that are open.
 * With the kernel a field's message is padded and waits until there are four of its length; its hash then replaces its
 * beginning. When the struct ends, its hashes go in order to where its message was left off, over the messages of its
 * fields. Without the kernel every field is hashed at once, and its message is forgotten.
 *
 * Without the kernel field hashes are kept as strings of one character a byte: sha256Latin1 makes them so, and `<`
 * orders them as bytes.
 */

const BEGIN = 0x0b
const ESCAPE = 0x0c
const END = 0x0e

/** Views of outermost messages up to this length are kept, because making one costs a fifth of hashing it. */
const KEPT_VIEWS = 512

/** Up to so many fields are sorted by insertion. */
const FEW_FIELDS = 24

const BLOCK_SIZE_BYTES = 64
/** SHA-256 ends a message with a byte of 80 and its length in 8 bytes. */
const PADDING_SIZE_BYTES = 9
/** Messages of more blocks are hashed one by one: there the host's crypto is as quick as the kernel. */
const MOST_BLOCKS = 3
const LONGEST_WAITING = MOST_BLOCKS * BLOCK_SIZE_BYTES - PADDING_SIZE_BYTES

/** How many values {@link IonHasher.digestEach} keeps in the buffer. */
const TOGETHER = 64

/** Room that is always left behind what is written: for padding, and for the next message to begin with a block. */
const SLACK_SIZE_BYTES = 2 * BLOCK_SIZE_BYTES

const INITIAL_SIZE_BYTES = 2048
const PAGE_SIZE_BYTES = 65_536
/** Places in the buffer are signed 32-bit numbers, so that rounding them to whole blocks is one operation. */
const LARGEST_SIZE_BYTES = 2 ** 31

/** The serialization of a field name, made once by {@link fieldName} for names known in advance. */
export type FieldName = Uint8Array

function needsEscape(byte: number): boolean {
  return byte <= END && (byte === BEGIN || byte === ESCAPE || byte === END)
}

/** The order of two hashes that lie at `a` and `b`: that of their bytes. */
function compareHashesAt(bytes: Uint8Array, a: number, b: number): number {
  for (let i = 0; i < HASH_SIZE_BYTES; i++) {
    const difference = bytes[a + i]! - bytes[b + i]!
    if (difference !== 0) return difference
  }
  return 0
}

/**
 * Computes Ion hashes piece by piece, without an Ion value: for structs of known shape. Under `hashBytes` and
 * `hashValue`, which hash what has any shape; `writeEncoded` and `writeValue` put such a value into a larger one. One
 * hasher is reused for any number of hashes; between them it holds nothing but its buffers.
 *
 *     const ID = fieldName('id'), VERSION = fieldName('version')
 *     hasher.beginStruct()
 *     hasher.field(ID)
 *     hasher.string('JUJgkIcNbhS2goq8RqLuZ4')
 *     hasher.field(VERSION)
 *     hasher.int(3)
 *     hasher.endStruct()
 *     const hash = hasher.digest()
 *
 * Fields may come in any order, names may repeat; a field's value may be a list or a struct. Cost: about 0.25 µs a field
 * with the SHA-256 kernel and 0.4 µs without, and 0.5 µs for the whole. Call {@link reset} after an error that was caught.
 *
 * Source: Ion Hash 1.0 specification, amazon-ion/ion-hash.
 */
export class IonHasher {
  private readonly digestMessage: (message: Uint8Array) => string
  private kernel: Sha256Kernel | undefined
  private isKernelWanted: boolean

  private out: Uint8Array = new Uint8Array(INITIAL_SIZE_BYTES)
  /** The same bytes; only with the kernel. */
  private words: Int32Array = new Int32Array(0)
  /** Where the current message begins, and where it is written next. */
  private start: number = KERNEL_BASE
  private at: number = KERNEL_BASE
  /** Views of the first bytes of the outermost message, by their number. */
  private views: Uint8Array[] = []

  private structDepth = 0
  /** By depth, of the message around an open struct: where it begins, and where it goes on. */
  private readonly outerStarts: number[] = [0]
  private readonly outerEnds: number[] = [0]
  /** By depth: where the fields of an open struct begin among all fields. */
  private readonly firstFields: number[] = [0]
  /** The finished fields of all open structs, innermost last: their hashes without the kernel, else where these are. */
  private readonly fieldHashes: string[] = []
  private readonly fieldPlaces: number[] = []
  private readonly sortKeys: number[] = []
  private fieldCount = 0
  /** Places of messages that wait for the kernel: four for each number of blocks. */
  private readonly waiting: number[] = new Array<number>(4 * MOST_BLOCKS).fill(0)
  private readonly waitingCounts: number[] = new Array<number>(MOST_BLOCKS).fill(0)

  /**
   * @param digestMessage hashes one message; anything but SHA-256 is for tests, which thus see every message. Answers
   *   with one character U+0000…U+00FF a byte. When it is given the kernel is not used.
   */
  constructor(digestMessage: (message: Uint8Array) => string = sha256Latin1) {
    this.digestMessage = digestMessage
    this.isKernelWanted = digestMessage === sha256Latin1
  }

  /** Forgets what was written since the last {@link digest}. */
  reset(): void {
    if (this.structDepth > 0) this.waitingCounts.fill(0)
    this.structDepth = 0
    this.start = KERNEL_BASE
    this.at = KERNEL_BASE
    this.fieldCount = 0
  }

  /** The hash of the one value written since the last digest. */
  digest(): Hash {
    return hashFromLatin1(this.digestLatin1())
  }

  /** As {@link digest}, one character a byte. */
  digestLatin1(): string {
    assert(this.structDepth === 0 && this.at > KERNEL_BASE, 'a hash is taken of one whole value')
    const hash = this.digestMessage(this.view(this.at - KERNEL_BASE))
    this.at = KERNEL_BASE
    return hash
  }

  /**
   * The hashes of many values, of which `write` writes the one of a number: short ones are hashed four at a time. Also
   * those of fields, for {@link hashedField}: `write` then is `field` and a value.
   */
  digestEach(count: number, write: (index: number) => void): Hash[] {
    this.reset()
    if (this.isKernelWanted) this.findKernel()
    const hashes: Hash[] = []
    if (this.kernel === undefined) {
      for (let index = 0; index < count; index++) {
        write(index)
        hashes.push(this.digest())
      }
      return hashes
    }
    for (let first = 0; first < count; first += TOGETHER) {
      const end = Math.min(count, first + TOGETHER)
      // Written and hashed as the fields of a struct are, which nobody ends.
      this.structDepth = 1
      for (let index = first; index < end; index++) {
        write(index)
        this.endField()
      }
      this.digestWaiting(KERNEL_BASE)
      for (let field = 0; field < end - first; field++) hashes.push(this.hashAt(this.fieldPlaces[field]!))
      this.reset()
    }
    return hashes
  }

  private hashAt(place: number): Hash {
    const hash = new Uint8Array(HASH_SIZE_BYTES)
    for (let i = 0; i < HASH_SIZE_BYTES; i++) hash[i] = this.out[place + i]!
    return hash
  }

  /** Where the next value begins, outside of structs; for {@link digestFrom}. */
  get position(): number {
    return this.at
  }

  /** The hash of the one value written since `position`, which goes on being a part of what surrounds it. */
  digestFrom(position: number): Hash {
    assert(this.structDepth === 0 && this.at > position, 'a hash is taken of one whole value')
    return hashFromLatin1(this.digestMessage(this.out.subarray(position, this.at)))
  }

  /** `null` (that is, null.null). */
  null(): void {
    this.bare(0x0f)
  }

  bool(value: boolean): void {
    this.bare(value ? 0x11 : 0x10)
  }

  /** An integer of any size; a `number` must be a safe integer. -0 is 0. */
  int(value: number | bigint): void {
    if (typeof value === 'bigint') {
      const magnitude = bytesOf(value)
      this.begin(value < 0n ? 0x30 : 0x20, magnitude.length)
      this.bytes(magnitude, 0, magnitude.length)
      this.end()
      return
    }
    assert(Number.isSafeInteger(value), 'an Ion int is a safe integer or a bigint')
    this.begin(value < 0 ? 0x30 : 0x20, 8)
    let rest = Math.abs(value)
    let scale = 1
    while (rest >= scale * 256) scale *= 256
    for (; scale >= 1 && value !== 0; scale /= 256) {
      const byte = Math.floor(rest / scale)
      this.byte(byte)
      rest -= byte * scale
    }
    this.end()
  }

  /** @throws {FormatError} BAD_VALUE when the text has half a surrogate pair, which is no Unicode text */
  string(text: string): void {
    this.text(0x80, text)
  }

  /**
   * A symbol by its text; undefined and `NO_TEXT` are `$0`.
   *
   * @throws {FormatError} as {@link string}
   */
  symbol(text: string | undefined): void {
    if (text === undefined || text === NO_TEXT) this.bare(0x71)
    else this.text(0x70, text)
  }

  blob(bytes: Uint8Array): void {
    this.begin(0xa0, bytes.length)
    this.bytes(bytes, 0, bytes.length)
    this.end()
  }

  clob(bytes: Uint8Array): void {
    this.begin(0x90, bytes.length)
    this.bytes(bytes, 0, bytes.length)
    this.end()
  }

  /** A 64-bit float: `-0` is kept apart from `0`, all not-a-numbers are one. */
  float(value: number): void {
    this.begin(0x40, 8)
    if (Number.isNaN(value)) {
      this.bytes(NAN_BYTES, 0, 8)
    } else if (!Object.is(value, 0)) {
      float.setFloat64(0, value)
      this.bytes(floatBytes, 0, 8)
    }
    this.end()
  }

  /** A decimal: `1.0` and `1.00` differ, and so do `0.` and `-0.`. */
  decimal(value: Decimal): void {
    const { coefficient, exponent } = value
    const magnitude = coefficient === 0n ? EMPTY : bytesOf(coefficient)
    this.begin(0x50, magnitude.length + 8)
    if (exponent !== 0 || coefficient !== 0n || value.isNegativeZero) {
      this.varInt(exponent < 0, Math.abs(exponent))
      this.magnitude(coefficient < 0n || value.isNegativeZero, magnitude)
    }
    this.end()
  }

  /** A timestamp: precision, offset and every digit of the fraction count. */
  timestamp(value: Timestamp): void {
    const fraction = value.fraction
    const magnitude = fraction === undefined || fraction.coefficient === 0n ? EMPTY : bytesOf(fraction.coefficient)
    this.begin(0x60, magnitude.length + 16)
    const { offsetMinutes } = value
    let { year, month, day, hour, minute } = value
    if (hour !== undefined && offsetMinutes !== undefined && offsetMinutes !== 0) {
      // Local time is kept in memory, UTC is hashed.
      const minutes = Math.floor(value.epochSeconds() / 60)
      const days = Math.floor(minutes / 1440)
      ;({ year, month, day } = civilFromDays(days))
      hour = Math.floor((minutes - days * 1440) / 60)
      minute = (minutes - days * 1440) % 60
    }
    this.varInt(hour === undefined || offsetMinutes === undefined || offsetMinutes < 0, Math.abs(offsetMinutes ?? 0))
    this.varUint(year)
    if (month !== undefined) this.varUint(month)
    if (day !== undefined) this.varUint(day)
    if (hour !== undefined) this.varUint(hour)
    if (minute !== undefined) this.varUint(minute)
    if (value.second !== undefined) this.varUint(value.second)
    if (fraction !== undefined) {
      this.varInt(true, fraction.digits)
      this.magnitude(false, magnitude)
    }
    this.end()
  }

  /**
   * The instant `ms` (milliseconds since 1970, years 1 to 9999) as a UTC timestamp with exactly three fractional
   * digits: what QLDB puts into every hashed structure.
   */
  timestampMillis(ms: number): void {
    const days = Math.floor(ms / 86_400_000)
    const timeOfDay = ms - days * 86_400_000
    const { year, month, day } = civilFromDays(days)
    assert(
      Number.isSafeInteger(ms) && year >= 1 && year <= 9999,
      'a timestamp is whole milliseconds in years 1 to 9999',
    )
    const millis = timeOfDay % 1000
    this.begin(0x60, 12)
    this.byte(0x80)
    if (year >= 128) this.byte(year >> 7)
    this.byte(0x80 | (year & 0x7f))
    this.byte(0x80 | month)
    this.byte(0x80 | day)
    this.byte(0x80 | Math.floor(timeOfDay / 3_600_000))
    this.byte(0x80 | (Math.floor(timeOfDay / 60_000) % 60))
    this.byte(0x80 | (Math.floor(timeOfDay / 1000) % 60))
    this.byte(0xc3) // exponent -3
    if (millis > 127) this.byte(millis >> 8)
    if (millis > 0) this.byte(millis & 0xff)
    this.end()
  }

  /** Values written until {@link endSequence} are the elements. */
  beginList(): void {
    this.begin(0xb0, 0)
  }

  /** As {@link beginList}. */
  beginSexp(): void {
    this.begin(0xc0, 0)
  }

  /** The symbols of the annotations and the value follow, then {@link endSequence}. */
  beginAnnotated(): void {
    this.begin(0xe0, 0)
  }

  /** Ends a list, an S-expression or an annotated value. */
  endSequence(): void {
    this.reserve(1)
    this.end()
  }

  /** Until {@link endStruct}: {@link field}, one value, and so on. */
  beginStruct(): void {
    if (this.isKernelWanted) this.findKernel()
    this.begin(0xd0, 0)
    const depth = ++this.structDepth
    this.outerStarts[depth] = this.start
    this.outerEnds[depth] = this.at
    this.firstFields[depth] = this.fieldCount
    this.at = (this.at + BLOCK_SIZE_BYTES - 1) & -BLOCK_SIZE_BYTES
    this.start = this.at
  }

  /** Begins a field; exactly one value must follow. */
  field(name: FieldName): void {
    if (this.at > this.start) this.endField()
    this.reserve(name.length)
    const out = this.out
    const at = this.at
    for (let i = 0; i < name.length; i++) out[at + i] = name[i]!
    this.at = at + name.length
  }

  /** As {@link field}, for a name that is not known in advance. */
  fieldNamed(name: string): void {
    if (this.at > this.start) this.endField()
    this.symbol(name)
  }

  /** A field by its hash, that is the digest of what {@link field} and the value write outside of a struct. */
  hashedField(hash: Hash): void {
    assert(this.structDepth > 0 && hash.length === HASH_SIZE_BYTES, 'a struct was begun, and a field hash has 32 bytes')
    if (this.at > this.start) this.endField()
    if (this.kernel === undefined) {
      this.fieldHashes[this.fieldCount++] = String.fromCharCode(...hash)
      return
    }
    this.reserve(HASH_SIZE_BYTES)
    this.fieldPlaces[this.fieldCount++] = this.start
    for (let i = 0; i < HASH_SIZE_BYTES; i++) this.out[this.start + i] = hash[i]!
    this.start += BLOCK_SIZE_BYTES
    this.at = this.start
  }

  endStruct(): void {
    assert(this.structDepth > 0, 'a struct was begun')
    if (this.at > this.start) this.endField()
    const depth = this.structDepth--
    const firstField = this.firstFields[depth]!
    const outerEnd = this.outerEnds[depth]!
    this.start = this.outerStarts[depth]!
    if (this.kernel === undefined) {
      this.at = outerEnd
      this.writeHashes(firstField)
    } else {
      this.digestWaiting(outerEnd)
      const hashesStart = this.at
      this.writeHashesInPlace(firstField)
      this.out.copyWithin(outerEnd, hashesStart, this.at)
      this.at = outerEnd + this.at - hashesStart
    }
    this.fieldCount = firstField
    this.reserve(1)
    this.end()
  }

  private findKernel(): void {
    this.isKernelWanted = false
    this.kernel = makeSha256Kernel()
    if (this.kernel === undefined) return
    const written = this.out.subarray(0, this.at)
    this.out = new Uint8Array(0)
    this.grow(written.length)
    this.out.set(written.subarray(KERNEL_BASE), KERNEL_BASE)
  }

  private endField(): void {
    const { start, kernel } = this
    const size = this.at - start
    if (kernel === undefined) {
      this.fieldHashes[this.fieldCount++] = this.digestMessage(this.out.subarray(start, start + size))
      this.at = start
      return
    }
    this.fieldPlaces[this.fieldCount++] = start
    if (size > LONGEST_WAITING) {
      this.digestInPlace(start, size)
      this.at = start + BLOCK_SIZE_BYTES
    } else {
      this.at = this.pad(start)
      const blocks = (this.at - start) / BLOCK_SIZE_BYTES
      const count = this.waitingCounts[blocks - 1]!
      const { waiting } = this
      const first = 4 * (blocks - 1)
      if (count < 3) {
        waiting[first + count] = start
        this.waitingCounts[blocks - 1] = count + 1
      } else {
        kernel.digest4(waiting[first]!, waiting[first + 1]!, waiting[first + 2]!, start, blocks)
        this.waitingCounts[blocks - 1] = 0
      }
    }
    this.start = this.at
  }

  /** Pads the current message, which begins with a block; answers where its last block ends. */
  private pad(start: number): number {
    const { out, words } = this
    let at = this.at
    const bits = 8 * (at - start)
    const end = (at + PADDING_SIZE_BYTES + BLOCK_SIZE_BYTES - 1) & -BLOCK_SIZE_BYTES
    out[at++] = 0x80
    while ((at & 3) !== 0) out[at++] = 0
    for (let word = at >> 2; word < end >> 2; word++) words[word] = 0
    out[end - 2] = bits >> 8
    out[end - 1] = bits
    return end
  }

  private digestInPlace(start: number, size: number): void {
    const hash = this.digestMessage(this.out.subarray(start, start + size))
    for (let i = 0; i < HASH_SIZE_BYTES; i++) this.out[start + i] = hash.charCodeAt(i)
  }

  /**
   * Hashes what waits from a place on, and what is as long as that; the rest may wait for more of its length. Idle lanes
   * are not free: a few long messages are quicker hashed one by one.
   */
  private digestWaiting(from: number): void {
    const { waiting, waitingCounts } = this
    for (let blocks = 1; blocks <= MOST_BLOCKS; blocks++) {
      const count = waitingCounts[blocks - 1]!
      const first = 4 * (blocks - 1)
      // They wait in the order of their places.
      if (count === 0 || waiting[first + count - 1]! < from) continue
      waitingCounts[blocks - 1] = 0
      if (count < blocks) {
        for (let i = first; i < first + count; i++) this.digestPaddedInPlace(waiting[i]!, blocks)
      } else {
        const place = waiting[first]!
        const second = count > 1 ? waiting[first + 1]! : place
        const third = count > 2 ? waiting[first + 2]! : place
        this.kernel!.digest4(place, second, third, place, blocks)
      }
    }
  }

  private digestPaddedInPlace(start: number, blocks: number): void {
    const end = start + blocks * BLOCK_SIZE_BYTES
    this.digestInPlace(start, ((this.out[end - 2]! << 8) | this.out[end - 1]!) >> 3)
  }

  /** Field hashes from `firstField` on in their order, escaped: with the kernel. */
  private writeHashesInPlace(firstField: number): void {
    const count = this.fieldCount - firstField
    this.reserve(2 * HASH_SIZE_BYTES * count)
    this.sortPlaces(firstField)
    const { fieldPlaces } = this
    const kernel = this.kernel!
    let at = this.at
    for (let i = firstField; i < this.fieldCount; i++) at = kernel.escape32(fieldPlaces[i]!, at)
    this.at = at
  }

  private sortPlaces(from: number): void {
    const { out, fieldPlaces: places, sortKeys: keys, fieldCount: to } = this
    if (to - from > FEW_FIELDS) {
      const sorted = places.slice(from, to).sort((a, b) => compareHashesAt(out, a, b))
      for (let i = 0; i < sorted.length; i++) places[from + i] = sorted[i]!
      return
    }
    for (let i = from; i < to; i++) {
      const place = places[i]!
      const key = (out[place]! << 22) | (out[place + 1]! << 14) | (out[place + 2]! << 6) | (out[place + 3]! >> 2)
      let hole = i
      while (hole > from) {
        const before = keys[hole - 1]!
        if (before < key || (before === key && compareHashesAt(out, places[hole - 1]!, place) <= 0)) break
        keys[hole] = before
        places[hole] = places[hole - 1]!
        hole--
      }
      keys[hole] = key
      places[hole] = place
    }
  }

  /** As {@link writeHashesInPlace}, without the kernel. */
  private writeHashes(firstField: number): void {
    this.sortFields(firstField)
    for (let i = firstField; i < this.fieldCount; i++) {
      const hash = this.fieldHashes[i]!
      this.reserve(2 * hash.length)
      this.escapedLatin1(hash)
    }
  }

  private sortFields(from: number): void {
    const hashes = this.fieldHashes
    const to = this.fieldCount
    const sorted = hashes.slice(from, to).sort()
    for (let i = 0; i < sorted.length; i++) hashes[from + i] = sorted[i]!
  }

  // The level below: a scalar by its representation. `begin` makes room for `representationSize` bytes, escaped, and for
  // the end, so that `byte`, `bytes` and `end` need not look.

  private reserve(sizeBytes: number): void {
    if (this.at + sizeBytes + SLACK_SIZE_BYTES > this.out.length) this.grow(this.at + sizeBytes + SLACK_SIZE_BYTES)
  }

  private grow(sizeBytes: number): void {
    if (sizeBytes > LARGEST_SIZE_BYTES) {
      throw new RangeError(`a value whose serialization takes ${sizeBytes} bytes cannot be hashed, 2 GiB can`)
    }
    const newSize = Math.min(Math.max(2 * this.out.length, sizeBytes), LARGEST_SIZE_BYTES)
    this.views = []
    if (this.kernel === undefined) {
      const larger = new Uint8Array(newSize)
      larger.set(this.out.subarray(0, this.at))
      this.out = larger
      return
    }
    const { memory } = this.kernel
    if (newSize > memory.buffer.byteLength) {
      memory.grow(Math.ceil((newSize - memory.buffer.byteLength) / PAGE_SIZE_BYTES))
    }
    this.out = new Uint8Array(memory.buffer)
    this.words = new Int32Array(memory.buffer)
  }

  /** The first `size` bytes of the outermost message, valid until the buffer grows. */
  private view(size: number): Uint8Array {
    if (size >= KEPT_VIEWS) return this.out.subarray(KERNEL_BASE, KERNEL_BASE + size)
    const { views } = this
    while (views.length <= size) views.push(this.out.subarray(KERNEL_BASE, KERNEL_BASE + views.length))
    return views[size]!
  }

  /** Begins a scalar. `typeQualifier` is the type in the high half, as Ion Hash defines it. */
  begin(typeQualifier: number, representationSize: number): void {
    this.reserve(2 * representationSize + 3)
    this.out[this.at++] = BEGIN
    this.out[this.at++] = typeQualifier
  }

  end(): void {
    this.out[this.at++] = END
  }

  /** A value without representation: nulls and bools. */
  bare(typeQualifier: number): void {
    this.begin(typeQualifier, 0)
    this.end()
  }

  /** One byte of the representation. */
  byte(byte: number): void {
    if (needsEscape(byte)) this.out[this.at++] = ESCAPE
    this.out[this.at++] = byte
  }

  /** Bytes `[start, end)` of the representation. */
  bytes(bytes: Uint8Array, start: number, end: number): void {
    const out = this.out
    let at = this.at
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!
      if (needsEscape(byte)) out[at++] = ESCAPE
      out[at++] = byte
    }
    this.at = at
  }

  /** A whole value that was serialized before. */
  serialized(value: Uint8Array): void {
    this.reserve(value.length)
    this.out.set(value, this.at)
    this.at += value.length
  }

  /** A variable-length integer (Ion binary, VarUInt) of the representation, in its shortest form. */
  varUint(value: number): void {
    let scale = 1
    while (value >= scale * 128) scale *= 128
    let rest = value
    for (; scale > 1; scale /= 128) {
      const group = Math.floor(rest / scale)
      this.byte(group)
      rest -= group * scale
    }
    this.byte(0x80 | rest)
  }

  /** A variable-length integer with a sign (VarInt) of the representation, in its shortest form. */
  varInt(negative: boolean, magnitude: number): void {
    let scale = 1
    while (magnitude >= scale * 64) scale *= 128
    let sign = negative ? 0x40 : 0
    let rest = magnitude
    for (; scale > 1; scale /= 128) {
      const group = Math.floor(rest / scale)
      this.byte(sign | group)
      sign = 0
      rest -= group * scale
    }
    this.byte(0x80 | sign | rest)
  }

  /** A signed integer that ends the representation (Int): its bytes from the first that is not zero; none for 0. */
  private magnitude(negative: boolean, bytes: Uint8Array): void {
    const first = bytes.length === 0 ? 0 : bytes[0]!
    if (first >= 0x80) {
      this.byte(negative ? 0x80 : 0)
      this.byte(first)
    } else if (first > 0 || negative) {
      this.byte(negative ? 0x80 | first : first)
    }
    this.bytes(bytes, 1, bytes.length)
  }

  private escapedLatin1(text: string): void {
    const out = this.out
    let at = this.at
    for (let i = 0; i < text.length; i++) {
      const byte = text.charCodeAt(i)
      if (needsEscape(byte)) out[at++] = ESCAPE
      out[at++] = byte
    }
    this.at = at
  }

  private text(typeQualifier: number, text: string): void {
    const length = text.length
    this.begin(typeQualifier, 3 * length)
    const out = this.out
    let at = this.at
    let i = 0
    for (; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code >= 0x80) break
      if (needsEscape(code)) out[at++] = ESCAPE
      out[at++] = code
    }
    this.at = at
    if (i < length) {
      const utf8 = new Uint8Array(utf8Size(text))
      encodeUtf8(text, utf8, 0)
      this.bytes(utf8, i, utf8.length)
    }
    this.end()
  }
}

/** The one not-a-number that is hashed, whatever its payload. */
const NAN_BYTES: Uint8Array = Uint8Array.of(0x7f, 0xf8, 0, 0, 0, 0, 0, 0)
const floatBytes: Uint8Array = new Uint8Array(8)
const float: DataView = new DataView(floatBytes.buffer)
const EMPTY: Uint8Array = new Uint8Array(0)

/** The magnitude of an integer, big-endian, without leading zeros. */
function bytesOf(value: bigint): Uint8Array {
  if (value === 0n) return EMPTY
  const hex = (value < 0n ? -value : value).toString(16)
  const bytes = new Uint8Array((hex.length + 1) >> 1)
  for (let i = bytes.length - 1, end = hex.length; i >= 0; i--, end -= 2) {
    bytes[i] = Number.parseInt(hex.slice(Math.max(0, end - 2), end), 16)
  }
  return bytes
}

const nameHasher: IonHasher = new IonHasher((message) =>
  message.reduce((text, byte) => text + String.fromCharCode(byte), ''),
)

/**
 * A field name prepared for {@link IonHasher.field}: keep it in a constant. `NO_TEXT` gives that of `$0`.
 *
 * @throws {FormatError} BAD_VALUE when the name has half a surrogate pair
 */
export function fieldName(name: string): FieldName {
  nameHasher.reset()
  nameHasher.symbol(name)
  return nameHasher.digest()
}
