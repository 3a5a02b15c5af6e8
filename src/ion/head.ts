import { FormatError } from '../errors.ts'

/** How deep containers may lie in one another, in bytes, text and JavaScript alike. Deeper ones are a FormatError. */
export const MAX_DEPTH = 512

/** The high four bits of a type descriptor. Ion 1.0 binary encoding, "Typed Value Formats". */
export const TYPE = {
  null: 0,
  bool: 1,
  positiveInt: 2,
  negativeInt: 3,
  float: 4,
  decimal: 5,
  timestamp: 6,
  symbol: 7,
  string: 8,
  clob: 9,
  blob: 10,
  list: 11,
  sexp: 12,
  struct: 13,
  annotation: 14,
} as const

const VARIABLE = -1
const INVALID = -2

/** By type descriptor: the length of the content, or that a VarUInt holds it, or that there is no such descriptor. */
export const CONTENT_LENGTHS: Int8Array = new Int8Array(256)
for (let descriptor = 0; descriptor < 256; descriptor++) {
  const type = descriptor >> 4
  const low = descriptor & 15
  let length = low === 14 ? VARIABLE : low === 15 ? 0 : low
  if (type === TYPE.bool) length = low <= 1 || low === 15 ? 0 : INVALID
  if (type === TYPE.negativeInt && low === 0) length = INVALID
  if (type === TYPE.float && low !== 0 && low !== 4 && low !== 8 && low !== 15) length = INVALID
  if (type === TYPE.timestamp && low <= 1) length = INVALID
  if (type === TYPE.struct && low === 1) length = VARIABLE
  if (type === TYPE.annotation && (low < 3 || low === 15)) length = INVALID
  if (type === 15) length = INVALID
  CONTENT_LENGTHS[descriptor] = length
}

/** A struct whose fields are said to be in the order of their sids; it must not be empty. */
const SORTED_STRUCT = 0xd1

/**
 * What {@link readHead} found. One object for all, because reading allocates nothing: copy what you need before you
 * read the next head.
 */
export const head: { descriptor: number; body: number; end: number } = { descriptor: 0, body: 0, end: 0 }

/**
 * Reads the type descriptor and length at `at` into {@link head}: the content is `[head.body, head.end)`.
 *
 * @param limit where the surrounding container ends; at most the length of `bytes`
 * @throws {FormatError} BAD_ION when there is none, or the value would pass `limit`
 */
export function readHead(bytes: Uint8Array, at: number, limit: number): void {
  if (at >= limit) throw badIon(at, 'a value was expected, but the data ends')
  const descriptor = bytes[at]!
  let length = CONTENT_LENGTHS[descriptor]!
  let body = at + 1
  if (length < 0) {
    if (length === INVALID) throw badIon(at, `0x${descriptor.toString(16).padStart(2, '0')} starts no value`)
    length = readVarUInt(bytes, body, limit)
    body = varEnd
    if (descriptor === SORTED_STRUCT && length === 0) throw badIon(at, 'a sorted struct must not be empty')
  }
  if (length > limit - body) throw badIon(at, `a value of ${length} bytes passes the end of what holds it`)
  head.descriptor = descriptor
  head.body = body
  head.end = body + length
}

/** Where the VarUInt or VarInt read last ended. */
export let varEnd = 0

/** Reads a VarUInt: seven bits a byte, the last one marked with 0x80. {@link varEnd} is where it ended. */
export function readVarUInt(bytes: Uint8Array, at: number, limit: number): number {
  let value = 0
  for (let i = at; i < limit; i++) {
    const byte = bytes[i]!
    if (byte >= 0x80) {
      varEnd = i + 1
      return value * 128 + (byte & 0x7f)
    }
    value = value * 128 + byte
    if (value > 0x3f_ffff_ffff) throw badIon(at, 'a length, sid or time field is absurdly large')
  }
  throw badIon(at, 'a length, sid or time field has no end')
}

/** Reads a VarInt, as {@link readVarUInt} with a sign bit 0x40 in the first byte. `-0` comes back as -0. */
export function readVarInt(bytes: Uint8Array, at: number, limit: number): number {
  if (at >= limit) throw badIon(at, 'a signed number was expected, but the data ends')
  const first = bytes[at]!
  const isNegative = (first & 0x40) !== 0
  let magnitude = first & 0x3f
  if (first >= 0x80) {
    varEnd = at + 1
  } else {
    magnitude = readVarUIntOn(bytes, at + 1, limit, magnitude)
  }
  return isNegative ? -magnitude : magnitude
}

function readVarUIntOn(bytes: Uint8Array, at: number, limit: number, start: number): number {
  let value = start
  for (let i = at; i < limit; i++) {
    const byte = bytes[i]!
    value = value * 128 + (byte & 0x7f)
    if (value > 0x3f_ffff_ffff) throw badIon(at, 'an exponent or offset is absurdly large')
    if (byte >= 0x80) {
      varEnd = i + 1
      return value
    }
  }
  throw badIon(at, 'an exponent or offset has no end')
}

/** Whether a NOP pad, which is no value, starts at `at`. */
export function isPadding(descriptor: number): boolean {
  return descriptor < 0x0f
}

/** The error for bytes that are not Ion. */
export function badIon(at: number, what: string): FormatError {
  return new FormatError('BAD_ION', `Not Ion: ${what} (byte ${at}).`)
}
