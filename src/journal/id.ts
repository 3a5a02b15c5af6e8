import { FormatError } from '../errors.ts'

/**
 * Ids of documents, tables, indexes, strands and transactions: 128 bits, written as QLDB wrote them, the two unsigned
 * 64-bit halves big-endian in base 62 (`0-9A-Za-z`), 11 digits each, 22 characters in all. The digits stand in ASCII
 * order, so ids sort as text as they sort as bytes.
 *
 * Ours are ordered by time, so that new keys land at the end of a B-tree:
 *
 *     | 48 bits: epoch milliseconds | 16 bits: counter within the millisecond | 64 bits: randomness |
 */
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const ID_LENGTH = 22
const ID_SIZE_BYTES = 16
/** 62^5: the largest power of 62 below 2^32, so that a half is 1 + 5 + 5 digits. */
const FIVE_DIGITS = 62 ** 5

const DIGIT_CODES: readonly number[] = [...DIGITS].map((digit) => digit.charCodeAt(0))

/** Value of each ASCII digit code; -1 for anything else. */
const DIGIT_VALUES: Int8Array = new Int8Array(128).fill(-1)
for (let value = 0; value < DIGITS.length; value++) DIGIT_VALUES[DIGITS.charCodeAt(value)] = value

/** The digits of the id that is being written: made into text at once, which is quicker than putting parts together. */
const codes: number[] = new Array<number>(ID_LENGTH).fill(0)

function writeFiveDigits(number: number, at: number): void {
  let rest = number
  for (let place = at + 4; place >= at; place--) {
    const quotient = Math.floor(rest / 62)
    codes[place] = DIGIT_CODES[rest - 62 * quotient]!
    rest = quotient
  }
}

/** The 64-bit number `high * 2^32 + low` as 11 digits from `at` on. Plain numbers: BigInt was ten times slower. */
function writeHalf(high: number, low: number, at: number): void {
  // Long division by 62^5 in limbs of 16 bits: every intermediate stays below 2^46.
  let rest = high % FIVE_DIGITS
  let quotient = Math.floor(high / FIVE_DIGITS)
  let current = rest * 65536 + (low >>> 16)
  quotient = quotient * 65536 + Math.floor(current / FIVE_DIGITS)
  rest = current % FIVE_DIGITS
  current = rest * 65536 + (low & 0xffff)
  quotient = quotient * 65536 + Math.floor(current / FIVE_DIGITS)
  rest = current % FIVE_DIGITS
  codes[at] = DIGIT_CODES[Math.floor(quotient / FIVE_DIGITS)]!
  writeFiveDigits(quotient % FIVE_DIGITS, at + 1)
  writeFiveDigits(rest, at + 6)
}

function encodeHalves(high: number, low: number, secondHigh: number, secondLow: number): string {
  writeHalf(high, low, 0)
  writeHalf(secondHigh, secondLow, 11)
  return String.fromCharCode.apply(null, codes)
}

/**
 * The 22 characters of 16 bytes.
 *
 * @throws {RangeError} when there are not 16 bytes
 */
export function encodeId(bytes: Uint8Array): string {
  if (bytes.length !== ID_SIZE_BYTES) throw new RangeError(`'bytes' expected 16 bytes, got ${bytes.length}`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, ID_SIZE_BYTES)
  return encodeHalves(view.getUint32(0), view.getUint32(4), view.getUint32(8), view.getUint32(12))
}

/**
 * The 16 bytes of an id.
 *
 * @throws {FormatError} BAD_VALUE when the text is not 22 base 62 digits or a half passes 2^64
 */
export function decodeId(id: string): Uint8Array {
  if (id.length !== ID_LENGTH) throw badId(id)
  const bytes = new Uint8Array(ID_SIZE_BYTES)
  const view = new DataView(bytes.buffer)
  for (let half = 0; half < 2; half++) {
    let number = 0n
    for (let index = half * 11; index < half * 11 + 11; index++) {
      const value = DIGIT_VALUES[id.charCodeAt(index)] ?? -1
      if (value < 0) throw badId(id)
      number = number * 62n + BigInt(value)
    }
    if (number >> 64n !== 0n) throw badId(id)
    view.setBigUint64(half * 8, number)
  }
  return bytes
}

/** True when the text has the form of an id. */
export function isId(text: string): boolean {
  if (text.length !== ID_LENGTH) return false
  for (let index = 0; index < ID_LENGTH; index++) {
    if ((DIGIT_VALUES[text.charCodeAt(index)] ?? -1) < 0) return false
  }
  // 2^64 - 1 is "LygHa16AHYF": equally long texts compare as their numbers do.
  return text.slice(0, 11) <= 'LygHa16AHYF' && text.slice(11) <= 'LygHa16AHYF'
}

function badId(id: string): FormatError {
  return new FormatError('BAD_VALUE', `"${id}" is not an id. An id is 22 characters of 0-9, A-Z and a-z.`)
}

/** Sixteen random ids' worth of the second half, drawn at once: a call into the system costs more than the bytes. */
const POOL_SIZE_BYTES = 128

/**
 * Makes ids that rise strictly, whatever the clock does: an id made in the same millisecond as the one before, or earlier,
 * takes the next number. Two sources given the same times and randomness give the same ids.
 */
export class IdSource {
  readonly #randomness: (sizeBytes: number) => Uint8Array
  #timeMs = -1
  #counter = 0
  #pool: DataView = new DataView(new ArrayBuffer(0))
  #used = 0

  /** @param randomness gives that many random bytes, for example `(n) => crypto.getRandomValues(new Uint8Array(n))` */
  constructor(randomness: (sizeBytes: number) => Uint8Array) {
    this.#randomness = randomness
  }

  /**
   * The next id.
   *
   * @param timeMs epoch milliseconds, an integer in [0, 2^48)
   * @throws {RangeError} when the time is out of range
   */
  next(timeMs: number): string {
    if (!Number.isInteger(timeMs) || timeMs < 0 || timeMs >= 2 ** 48) {
      throw new RangeError(`'timeMs' expected an integer in [0, 2^48), got ${timeMs}`)
    }
    if (timeMs > this.#timeMs) {
      this.#timeMs = timeMs
      this.#counter = 0
    } else if (++this.#counter > 0xffff) {
      this.#timeMs++
      this.#counter = 0
    }
    if (this.#used === this.#pool.byteLength) {
      const bytes = this.#randomness(POOL_SIZE_BYTES)
      this.#pool = new DataView(bytes.buffer, bytes.byteOffset, POOL_SIZE_BYTES)
      this.#used = 0
    }
    const high = this.#pool.getUint32(this.#used)
    const low = this.#pool.getUint32(this.#used + 4)
    this.#used += 8
    const time = this.#timeMs
    return encodeHalves(Math.floor(time / 65536), ((time % 65536) * 65536 + this.#counter) >>> 0, high, low)
  }
}

/**
 * One id for the given time, of a source of its own: ids of the same millisecond do not rise. For a ledger's or a
 * strand's single id; where ids follow one another keep an {@link IdSource}.
 */
export function newId(timeMs: number, randomness: (sizeBytes: number) => Uint8Array): string {
  return new IdSource(randomness).next(timeMs)
}
