import { StatementError } from '../../errors.ts'
import { Decimal, IonFloat, IonStruct, NULL, Timestamp } from '../../ion/index.ts'
import type { FunctionCall } from '../plan/expression.ts'
import type { DatePart } from '../syntax/nodes.ts'
import { bare, compareValues, equals, isAbsent, itemsOf } from '../value/compare.ts'
import { type EngineValue, MISSING } from '../value/engine-value.ts'
import { modulo, negate, numberOf } from './arithmetic.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import { textOf } from './table-source.ts'
import { addToTimestamp, differenceOfTimestamps, extractFromTimestamp } from './timestamp-arithmetic.ts'
import { formatTimestamp, parseTimestamp } from './timestamp-format.ts'

/** What a function needs: its arguments, all present, and its bare word (date part, side of TRIM). */
type Scalar = (args: readonly EngineValue[], variant: FunctionCall['variant']) => EngineValue | WrongType

/** Answered by a function whose arguments have a type it cannot work with: MISSING in the end. */
const WRONG_TYPE: unique symbol = Symbol('wrong type')
type WrongType = typeof WRONG_TYPE

/**
 * The closure for a call. Unless a function looks at absent arguments itself, a null or missing argument makes the
 * result NULL (QLDB guide, "PartiQL functions"); in pure PartiQL a missing one makes it MISSING.
 */
export function compileCall(call: FunctionCall, compiler: Compiler): Evaluate {
  const args = call.args.map((argument) => compiler.expression(argument))
  const { name, variant } = call
  const { dialect } = compiler
  const special = SPECIAL.get(name)
  if (special !== undefined) return special(args, dialect.functionsThrow)
  const scalar = SCALARS.get(name)
  if (scalar === undefined) throw new Error(`Internal error: it was believed that function ${name} is implemented`)
  const { missingArgumentGivesNull } = dialect
  return (frame) => {
    const values: EngineValue[] = []
    let isNull = false
    let isMissing = false
    for (let index = 0; index < args.length; index++) {
      const value = args[index]!(frame)
      if (value === MISSING) isMissing = true
      else if (isAbsent(value)) isNull = true
      values.push(value)
    }
    if (isMissing) return missingArgumentGivesNull ? NULL : MISSING
    if (isNull) return NULL
    if (dialect.functionsThrow) {
      const result = scalar(values, variant)
      return result === WRONG_TYPE ? MISSING : result
    }
    try {
      const result = scalar(values, variant)
      return result === WRONG_TYPE ? MISSING : result
    } catch (error) {
      if (error instanceof StatementError && error.code === 'TYPE_ERROR') return MISSING
      throw error
    }
  }
}

/** Functions that see absent arguments, or what surrounds the statement. */
const SPECIAL: ReadonlyMap<string, (args: readonly Evaluate[], functionsThrow: boolean) => Evaluate> = new Map([
  ['txid', (): Evaluate => (frame) => frame.transaction.id],
  ['utcnow', (): Evaluate => (frame) => Timestamp.fromMillis(frame.context.now)],
  ['current_user', (): Evaluate => () => NULL],
  [
    'coalesce',
    (args: readonly Evaluate[]): Evaluate =>
      (frame) => {
        for (const argument of args) {
          const value = argument(frame)
          if (!isAbsent(value)) return value
        }
        return NULL
      },
  ],
  [
    'nullif',
    ([first, second]: readonly Evaluate[]): Evaluate =>
      (frame) => {
        const a = first!(frame)
        const b = second!(frame)
        if (a === MISSING) return isAbsent(b) ? NULL : MISSING
        return equals(a, b) === true ? NULL : a
      },
  ],
  [
    'exists',
    ([collection]: readonly Evaluate[], functionsThrow: boolean): Evaluate =>
      (frame) => {
        const value = collection!(frame)
        if (value === MISSING) {
          if (!functionsThrow) return MISSING
          throw typeError('EXISTS needs a value, got MISSING.')
        }
        const plain = bare(value)
        return plain instanceof IonStruct ? plain.size > 0 : (itemsOf(plain)?.length ?? 0) > 0
      },
  ],
])

const SCALARS: ReadonlyMap<string, Scalar> = new Map<string, Scalar>([
  ['abs', ([value]) => absolute(value!)],
  ['mod', ([a, b]) => modulo(a!, b!)],
  ['size', ([value]) => sizeOf(value!)],
  ['cardinality', ([value]) => sizeOf(value!)],
  ['char_length', ([value]) => withText(value!, (text) => codePointCount(text))],
  ['character_length', ([value]) => withText(value!, (text) => codePointCount(text))],
  ['lower', ([value]) => withText(value!, (text) => text.toLowerCase())],
  ['upper', ([value]) => withText(value!, (text) => text.toUpperCase())],
  ['substring', ([value, start, length]) => withText(value!, (text) => substring(text, start!, length))],
  ['position', ([part, whole]) => withText(whole!, (text) => withText(part!, (sought) => position(sought, text)))],
  ['trim', ([value, characters], side) => withText(value!, (text) => trim(text, characters, side))],
  [
    'extract',
    ([value], part) => withTimestamp(value!, (timestamp) => extractFromTimestamp(part as DatePart, timestamp)),
  ],
  [
    'date_add',
    ([quantity, value], part) =>
      withTimestamp(value!, (timestamp) => {
        const count = bare(quantity!)
        return typeof count === 'number' ? addToTimestamp(part as DatePart, count, timestamp) : WRONG_TYPE
      }),
  ],
  [
    'date_diff',
    ([from, to], part) =>
      withTimestamp(from!, (start) =>
        withTimestamp(to!, (end) => differenceOfTimestamps(part as DatePart, start, end)),
      ),
  ],
  [
    'to_string',
    ([value, format]) =>
      withTimestamp(value!, (timestamp) => withText(format!, (text) => formatTimestamp(timestamp, text))),
  ],
  [
    'to_timestamp',
    ([value, format]) =>
      withText(value!, (text) =>
        format === undefined ? ionTimestamp(text) : withText(format, (pattern) => parseTimestamp(text, pattern)),
      ),
  ],
])

/** The names of all functions that have an implementation. */
export const IMPLEMENTED_FUNCTIONS: readonly string[] = [...SPECIAL.keys(), ...SCALARS.keys()]

function withText(value: EngineValue, use: (text: string) => EngineValue | WrongType): EngineValue | WrongType {
  const text = textOf(value)
  return text === undefined ? WRONG_TYPE : use(text)
}

function withTimestamp(
  value: EngineValue,
  use: (timestamp: Timestamp) => EngineValue | WrongType,
): EngineValue | WrongType {
  const plain = bare(value)
  return plain instanceof Timestamp ? use(plain) : WRONG_TYPE
}

function typeError(message: string): StatementError {
  return new StatementError('TYPE_ERROR', message)
}

function absolute(value: EngineValue): EngineValue | WrongType {
  const number = numberOf(value)
  if (number === undefined) return WRONG_TYPE
  if (number instanceof IonFloat) return new IonFloat(Math.abs(number.value))
  if (number instanceof Decimal) return number.abs()
  return compareValues(number, 0) < 0 ? negate(number) : number
}

function sizeOf(value: EngineValue): EngineValue {
  const plain = bare(value)
  if (plain instanceof IonStruct) return plain.size
  const items = itemsOf(plain)
  if (items === undefined) throw typeError('SIZE needs a list, a struct or a bag.')
  return items.length
}

function codePointCount(text: string): number {
  let count = text.length
  for (let index = 0; index < text.length - 1; index++) if (isPairAt(text, index)) count--
  return count
}

function isPairAt(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00
}

/** The window [start, start + length) in code points counted from 1, clipped to the text. */
function substring(text: string, start: EngineValue, length: EngineValue | undefined): EngineValue | WrongType {
  const from = bare(start)
  const count = length === undefined ? Number.POSITIVE_INFINITY : bare(length)
  if (typeof from !== 'number' || typeof count !== 'number') return WRONG_TYPE
  if (count < 0) throw typeError(`SUBSTRING needs a length that is not negative, got ${count}.`)
  const characters = [...text]
  return characters.slice(Math.max(0, from - 1), Math.max(0, from - 1 + count)).join('')
}

/** The place of the first occurrence in code points counted from 1; 0 when there is none. */
function position(sought: string, text: string): number {
  const index = text.indexOf(sought)
  return index < 0 ? 0 : codePointCount(text.slice(0, index)) + 1
}

/** Takes characters of a set, a blank unless given, from one or both ends. */
function trim(
  text: string,
  characters: EngineValue | undefined,
  side: FunctionCall['variant'],
): EngineValue | WrongType {
  const set = characters === undefined ? ' ' : textOf(characters)
  if (set === undefined) return WRONG_TYPE
  const taken = new Set(set)
  const all = [...text]
  let start = 0
  let end = all.length
  if (side !== 'trailing') while (start < end && taken.has(all[start]!)) start++
  if (side !== 'leading') while (end > start && taken.has(all[end - 1]!)) end--
  return all.slice(start, end).join('')
}

function ionTimestamp(text: string): Timestamp {
  try {
    return Timestamp.parse(text)
  } catch (cause) {
    throw new StatementError('TYPE_ERROR', (cause as Error).message, { cause })
  }
}
