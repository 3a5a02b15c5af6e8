import { StatementError } from '../../errors.ts'
import { Timestamp } from '../../ion/index.ts'

const MONTHS: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** One piece of a format: a symbol repeated `width` times, or text that stands for itself. */
type Piece =
  | { readonly kind: 'symbol'; readonly letter: string; readonly width: number }
  | { readonly kind: 'text'; readonly text: string }

/**
 * The symbols and the widths they may have: `y`, `yy` (two digits), `yyyy`; `M`, `MM`, `MMM` (Jan), `MMMM` (January),
 * `MMMMM` (J); `d dd`; `a` AM or PM; `h hh` of 12; `H HH` of 24; `m mm`; `s ss`; `S…` fraction digits; `n` nanoseconds;
 * `X…` offset with `Z` for zero, `x…` without. QLDB guide, "Timestamp format strings".
 */
const WIDTHS: Readonly<Record<string, readonly number[]>> = {
  y: [1, 2, 3, 4],
  M: [1, 2, 3, 4, 5],
  d: [1, 2],
  a: [1],
  h: [1, 2],
  H: [1, 2],
  m: [1, 2],
  s: [1, 2],
  S: [1, 2, 3, 4, 5, 6, 7, 8, 9],
  n: [1],
  X: [1, 2, 3, 4, 5],
  x: [1, 2, 3, 4, 5],
}

/** @throws {StatementError} EVALUATION_ERROR for a letter or a width that means nothing */
function piecesOf(format: string): Piece[] {
  const pieces: Piece[] = []
  const matches = format.matchAll(/'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'/gu)
  for (const match of matches) {
    const [whole, quoted, letter] = match
    if (quoted !== undefined) {
      pieces.push({ kind: 'text', text: quoted === '' ? "'" : quoted.replaceAll("''", "'") })
    } else if (letter !== undefined) {
      if (!WIDTHS[letter]?.includes(whole.length)) {
        throw new StatementError(
          'EVALUATION_ERROR',
          `The time format ${JSON.stringify(format)} has ${whole}, which means nothing. Letters that stand for themselves are quoted: ''${whole}''.`,
        )
      }
      pieces.push({ kind: 'symbol', letter, width: whole.length })
    } else if (whole === "'") {
      throw new StatementError(
        'EVALUATION_ERROR',
        `The time format ${JSON.stringify(format)} has a quote without its partner.`,
      )
    } else {
      pieces.push({ kind: 'text', text: whole })
    }
  }
  return pieces
}

/**
 * `TO_STRING(timestamp, format)`; see {@link WIDTHS} for the symbols.
 *
 * @throws {StatementError} EVALUATION_ERROR when the format is none
 */
export function formatTimestamp(timestamp: Timestamp, format: string): string {
  return piecesOf(format)
    .map((piece) => (piece.kind === 'text' ? piece.text : formatSymbol(timestamp, piece.letter, piece.width)))
    .join('')
}

function formatSymbol(timestamp: Timestamp, letter: string, width: number): string {
  const padded = (value: number): string => String(value).padStart(width, '0')
  const hour = timestamp.hour ?? 0
  switch (letter) {
    case 'y':
      return width === 2 ? String(timestamp.year % 100).padStart(2, '0') : padded(timestamp.year)
    case 'M': {
      const month = timestamp.month ?? 1
      const name = MONTHS[month - 1]!
      return width <= 2 ? padded(month) : width === 3 ? name.slice(0, 3) : width === 4 ? name : name.slice(0, 1)
    }
    case 'd':
      return padded(timestamp.day ?? 1)
    case 'a':
      return hour < 12 ? 'AM' : 'PM'
    case 'h':
      return padded(hour % 12 === 0 ? 12 : hour % 12)
    case 'H':
      return padded(hour)
    case 'm':
      return padded(timestamp.minute ?? 0)
    case 's':
      return padded(timestamp.second ?? 0)
    case 'S':
      return fractionDigits(timestamp, 9).slice(0, width)
    case 'n':
      return String(Number(fractionDigits(timestamp, 9)))
    default:
      return formatOffset(timestamp.offsetMinutes ?? 0, letter, width)
  }
}

function fractionDigits(timestamp: Timestamp, count: number): string {
  const { fraction } = timestamp
  return (fraction === undefined ? '' : String(fraction.coefficient).padStart(fraction.digits, '0')).padEnd(count, '0')
}

/** Width 1: `+08` or `+0830`; 2 and 4: `+0800`; 3 and 5: `+08:00`. Upper case writes `Z` for UTC. */
function formatOffset(offsetMinutes: number, letter: string, width: number): string {
  if (letter === 'X' && offsetMinutes === 0) return 'Z'
  const size = Math.abs(offsetMinutes)
  const hours = String(Math.floor(size / 60)).padStart(2, '0')
  const minutes = String(size % 60).padStart(2, '0')
  const sign = offsetMinutes < 0 ? '-' : '+'
  if (width === 1) return sign + hours + (size % 60 === 0 ? '' : minutes)
  return sign + hours + (width === 3 || width === 5 ? ':' : '') + minutes
}

/**
 * `TO_TIMESTAMP(text, format)`: as precise as the finest symbol of the format. One-letter symbols take any padding,
 * longer ones their exact width; `yy` from 70 is 19yy; names of months and AM/PM in any case.
 *
 * @throws {StatementError} EVALUATION_ERROR when the text does not follow the format, or is no possible time
 */
export function parseTimestamp(text: string, format: string): Timestamp {
  const parsed: Partial<Record<string, number>> = {}
  let fraction: { coefficient: bigint; digits: number } | undefined
  let isAfternoon: boolean | undefined
  let offsetMinutes: number | undefined
  let rest = text
  const take = (pattern: RegExp, what: string): string => {
    const match = pattern.exec(rest)
    if (match === null) {
      throw new StatementError(
        'EVALUATION_ERROR',
        `${JSON.stringify(text)} does not follow the time format ${JSON.stringify(format)}: expected ${what} at ${JSON.stringify(rest)}.`,
      )
    }
    rest = rest.slice(match[0].length)
    return match[0]
  }
  for (const piece of piecesOf(format)) {
    if (piece.kind === 'text') {
      if (!rest.startsWith(piece.text)) take(/^(?!)/, JSON.stringify(piece.text))
      rest = rest.slice(piece.text.length)
      continue
    }
    const { letter, width } = piece
    switch (letter) {
      case 'y':
        if (width === 2) {
          const year = Number(take(/^\d\d/, 'a year of two digits'))
          parsed['y'] = year < 70 ? 2000 + year : 1900 + year
        } else {
          parsed['y'] = Number(take(width === 4 ? /^\d{4}/ : /^\d{1,4}/, 'a year'))
        }
        break
      case 'M':
        parsed['M'] = width <= 2 ? Number(take(width === 1 ? /^\d\d?/ : /^\d\d/, 'a month')) : monthOf(width, take)
        break
      case 'a':
        isAfternoon = take(/^[ap]m/i, 'AM or PM').toLowerCase() === 'pm'
        break
      case 'S': {
        const digits = take(new RegExp(`^\\d{${width}}`), `${width} digits of a second`)
        fraction = { coefficient: BigInt(digits), digits: width }
        break
      }
      case 'n':
        fraction = { coefficient: BigInt(take(/^0*\d{1,9}/, 'nanoseconds')), digits: 9 }
        break
      case 'X':
      case 'x':
        offsetMinutes = parseOffset(
          take(letter === 'X' ? /^(?:Z|[+-]\d\d(?::?\d\d)?)/ : /^[+-]\d\d(?::?\d\d)?/, 'an offset'),
        )
        break
      default:
        parsed[letter] = Number(take(width === 1 ? /^\d\d?/ : /^\d\d/, `a number for ${letter}`))
    }
  }
  if (rest !== '') take(/^$/, 'the end')
  return assemble(parsed, fraction, isAfternoon, offsetMinutes, text, format)
}

function monthOf(width: number, take: (pattern: RegExp, what: string) => string): number {
  const names = MONTHS.map((name) => (width === 3 ? name.slice(0, 3) : name))
  const found = take(new RegExp(`^(?:${names.join('|')})`, 'i'), 'the name of a month').toLowerCase()
  return names.findIndex((name) => name.toLowerCase() === found) + 1
}

function parseOffset(text: string): number {
  if (text === 'Z') return 0
  const digits = text.slice(1).replace(':', '').padEnd(4, '0')
  const size = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))
  return text.startsWith('-') ? -size : size
}

function assemble(
  parsed: Partial<Record<string, number>>,
  fraction: { coefficient: bigint; digits: number } | undefined,
  isAfternoon: boolean | undefined,
  offsetMinutes: number | undefined,
  text: string,
  format: string,
): Timestamp {
  const { y: year, M: month, d: day, m: minute, s: second, h } = parsed
  let hour = parsed['H']
  if (h !== undefined) {
    if (h < 1 || h > 12)
      throw new StatementError(
        'EVALUATION_ERROR',
        `${JSON.stringify(text)} has the hour ${h}, which is not from 1 to 12.`,
      )
    hour = (h % 12) + (isAfternoon === true ? 12 : 0)
  }
  if (year === undefined) {
    throw new StatementError(
      'EVALUATION_ERROR',
      `The time format ${JSON.stringify(format)} has no year, so it makes no timestamp.`,
    )
  }
  const hasSecond = second !== undefined || fraction !== undefined
  const hasTime = hour !== undefined || minute !== undefined || hasSecond
  const hasDay = day !== undefined || hasTime
  try {
    return new Timestamp({
      year,
      month: month ?? (hasDay ? 1 : undefined),
      day: day ?? (hasTime ? 1 : undefined),
      hour: hasTime ? (hour ?? 0) : undefined,
      minute: hasTime ? (minute ?? 0) : undefined,
      second: hasSecond ? (second ?? 0) : undefined,
      fraction,
      offsetMinutes: hasTime ? offsetMinutes : undefined,
    })
  } catch (cause) {
    throw new StatementError(
      'EVALUATION_ERROR',
      `${JSON.stringify(text)} is no possible time. ${(cause as Error).message}`,
      {
        cause,
      },
    )
  }
}
