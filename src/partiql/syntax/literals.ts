/** What the text of a literal token means. Nothing here knows of tokens or places: bad text gives undefined. */

import { Decimal, type IonValue } from '../../ion/index.ts'

/** Exponents of numbers as written; one beyond cannot be calculated with. */
const MAX_EXPONENT = 1_000_000

/** `'it''s'` → `it's`, and `"a ""b"""` → `a "b"`. */
export function unquote(image: string): string {
  const inner = image.slice(1, -1)
  const quote = image[0]!
  return inner.includes(quote) ? inner.replaceAll(quote + quote, quote) : inner
}

/** Digits as an Ion int of any size. */
export function integerValue(image: string): IonValue {
  if (image.length < 16) return Number(image)
  const value = BigInt(image)
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value
}

/**
 * `12.50`, `.5`, `1.` or `1e3` as an Ion decimal with the digits as written.
 *
 * @returns undefined when the exponent is beyond a million
 */
export function decimalValue(image: string): Decimal | undefined {
  const [mantissa = '', exponentText = '0'] = image.toLowerCase().split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  const exponent = Number(exponentText) - fraction.length
  if (Math.abs(exponent) > MAX_EXPONENT) return undefined
  return Decimal.of(BigInt(whole + fraction), exponent)
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const TIME = /^(\d{2}):(\d{2}):(\d{2})(?:\.\d*)?(?:([+-])(\d{2}):(\d{2}))?$/
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2})[ T](.*)$/

const DAYS_OF_MONTH: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

function isDate(text: string): boolean {
  const match = DATE.exec(text)
  if (match === null) return false
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = month === 2 && isLeap ? 29 : DAYS_OF_MONTH[month - 1]
  return days !== undefined && day >= 1 && day <= days
}

/** `hasOffset` undefined: either will do. */
function isTime(text: string, hasOffset: boolean | undefined): boolean {
  const match = TIME.exec(text)
  if (match === null) return false
  if (Number(match[1]) > 23 || Number(match[2]) > 59 || Number(match[3]) > 59) return false
  if (match[4] === undefined) return true
  return hasOffset !== false && Number(match[5]) <= 23 && Number(match[6]) <= 59
}

/**
 * Whether the text of `DATE '…'`, `TIME '…'` or `TIMESTAMP '…'` names a day and a time that exist.
 *
 * @param withTimeZone false refuses an offset; true does not ask for one (the value then is in UTC)
 */
export function isDatetime(
  type: 'date' | 'time' | 'timestamp',
  text: string,
  withTimeZone: boolean | undefined,
): boolean {
  switch (type) {
    case 'date':
      return isDate(text)
    case 'time':
      return isTime(text, withTimeZone)
    case 'timestamp': {
      const match = TIMESTAMP.exec(text)
      return match !== null && isDate(match[1]!) && isTime(match[2]!, withTimeZone)
    }
    default:
      return type satisfies never
  }
}
