import type { FormatError } from '../errors.ts'
import { Decimal } from './decimal.ts'
import { badIon, readVarInt, readVarUInt, varEnd } from './head.ts'
import { daysFromCivil, Timestamp, type TimestampFraction } from './timestamp.ts'

// The content of scalar values, `[body, end)` of the bytes, after the type descriptor. Ion 1.0 binary encoding.

/** A magnitude of any size: a number when it is a safe integer, else a bigint. Leading zero bytes are allowed. */
export function readUInt(bytes: Uint8Array, body: number, end: number): number | bigint {
  let at = body
  while (at < end && bytes[at] === 0) at++
  if (end - at > 6) {
    const magnitude = readMagnitude(bytes, at, end, bytes[at]!)
    return magnitude <= Number.MAX_SAFE_INTEGER ? Number(magnitude) : magnitude
  }
  let value = 0
  for (; at < end; at++) value = value * 256 + bytes[at]!
  return value
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** A magnitude whose first byte is given apart, because a sign bit may have been taken from it. */
function readMagnitude(bytes: Uint8Array, at: number, end: number, first: number): bigint {
  if (end - at <= 6) {
    let value = first
    for (let i = at + 1; i < end; i++) value = value * 256 + bytes[i]!
    return BigInt(value)
  }
  let hex = `0x${HEX[first]!}`
  for (let i = at + 1; i < end; i++) hex += HEX[bytes[i]!]!
  return BigInt(hex)
}

/** The content of a negative int. `-0` is no Ion int. */
export function readNegativeInt(bytes: Uint8Array, body: number, end: number): number | bigint {
  const magnitude = readUInt(bytes, body, end)
  if (magnitude === 0) throw badIon(body, 'an int must not be negative zero')
  return -magnitude
}

const floatView = new DataView(new ArrayBuffer(8))
const floatBytes = new Uint8Array(floatView.buffer)

/** The content of a float: nothing for 0e0, 4 or 8 bytes. */
export function readFloat(bytes: Uint8Array, body: number, end: number): number {
  const length = end - body
  if (length === 0) return 0
  for (let i = 0; i < length; i++) floatBytes[i] = bytes[body + i]!
  return length === 8 ? floatView.getFloat64(0) : floatView.getFloat32(0)
}

/** The content of a decimal: an exponent and a signed coefficient, both absent for `0.`. */
export function readDecimal(bytes: Uint8Array, body: number, end: number): Decimal {
  if (body === end) return new Decimal(0n)
  const exponent = readVarInt(bytes, body, end)
  if (exponent < -0x8000_0000 || exponent > 0x7fff_ffff)
    throw badIon(body, `the decimal exponent ${exponent} is beyond 32 bits`)
  const at = varEnd
  if (at === end) return new Decimal(0n, exponent)
  const first = bytes[at]!
  const magnitude = readMagnitude(bytes, at, end, first & 0x7f)
  const isNegative = first >= 0x80
  return new Decimal(isNegative ? -magnitude : magnitude, exponent, isNegative)
}

/** The content of a timestamp: offset, then UTC fields from the year on. */
export function readTimestamp(bytes: Uint8Array, body: number, end: number): Timestamp {
  const offset = readVarInt(bytes, body, end)
  const isOffsetKnown = !Object.is(offset, -0)
  const year = readVarUInt(bytes, varEnd, end)
  let at = varEnd
  let month: number | undefined
  let day: number | undefined
  let hour: number | undefined
  let minute: number | undefined
  let second: number | undefined
  let fraction: TimestampFraction | undefined
  if (at < end) {
    month = readVarUInt(bytes, at, end)
    at = varEnd
  }
  if (at < end) {
    day = readVarUInt(bytes, at, end)
    at = varEnd
  }
  if (at < end) {
    hour = readVarUInt(bytes, at, end)
    minute = readVarUInt(bytes, varEnd, end)
    at = varEnd
  }
  if (at < end) {
    second = readVarUInt(bytes, at, end)
    at = varEnd
  }
  if (at < end) fraction = readFraction(bytes, at, end)
  try {
    if (hour === undefined || offset === 0) {
      const offsetMinutes = hour !== undefined && isOffsetKnown ? 0 : undefined
      return new Timestamp({ year, month, day, hour, minute, second, fraction, offsetMinutes })
    }
    new Timestamp({ year, month, day, hour, minute, second, fraction, offsetMinutes: 0 }) // checks the UTC fields
    const minutes = daysFromCivil(year, month!, day!) * 1440 + hour * 60 + minute!
    const precision = second === undefined ? 'minute' : 'second'
    return Timestamp.fromEpochSeconds(minutes * 60 + (second ?? 0), fraction, offset, precision)
  } catch (cause) {
    throw badIon(body, (cause as FormatError).message)
  }
}

function readFraction(bytes: Uint8Array, at: number, end: number): TimestampFraction | undefined {
  const exponent = readVarInt(bytes, at, end)
  const coefficientAt = varEnd
  let coefficient = 0n
  if (coefficientAt < end) {
    const first = bytes[coefficientAt]!
    coefficient = readMagnitude(bytes, coefficientAt, end, first & 0x7f)
    if (first >= 0x80 && coefficient !== 0n) throw badIon(at, 'a fraction of a second must not be negative')
  }
  if (exponent >= 0) {
    if (coefficient === 0n) return undefined
    throw badIon(at, 'a fraction of a second must be less than 1')
  }
  return { coefficient, digits: -exponent }
}
