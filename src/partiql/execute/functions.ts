import { Decimal, IonStruct, NULL, Timestamp } from '../../ion/index.ts'
import type { FunctionCall } from '../plan/expression.ts'
import { FUNCTIONS } from '../plan/functions.ts'
import { equals } from '../value/compare.ts'
import { DateValue } from '../value/date-value.ts'
import { type EngineValue, MISSING, type Missing } from '../value/engine-value.ts'
import { bare, isAbsent, itemsOf } from '../value/family.ts'
import { acceptsValue } from './accepts-value.ts'
import { arithmeticRules } from './arithmetic-expression.ts'
import { COLLECTION_FUNCTIONS } from './collection-functions.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import { DATETIME_FUNCTIONS } from './datetime-functions.ts'
import { NUMBER_FUNCTIONS } from './number-functions.ts'
import { type CallContext, type ScalarFunction, WRONG_TYPE } from './scalar-function.ts'
import { TEXT_FUNCTIONS } from './text-functions.ts'
import { functionMismatch, type TypeMismatch, typeMismatch } from './type-mismatch.ts'

/**
 * The closure for a call. Unless a function looks at absent arguments itself, a null or missing argument makes the
 * result NULL (QLDB guide, "PartiQL functions"); in pure PartiQL a missing one makes it MISSING.
 */
export function compileCall(call: FunctionCall, compiler: Compiler): Evaluate {
  const args = call.args.map((argument) => compiler.expression(argument))
  const { name, variant, place } = call
  const special = SPECIAL.get(name)
  if (special !== undefined) return special(args, call, compiler)
  const scalar = SCALARS.get(name)
  if (scalar === undefined) throw new Error(`Internal error: it was believed that function ${name} is implemented`)
  const { dialect } = compiler
  const wanted = FUNCTIONS.get(name)!.arguments.join(', ')
  const mismatch = typeMismatch(
    compiler,
    `${name.toUpperCase()} takes (${wanted}), and an argument is of another type or out of range.`,
    place,
  )
  const context: CallContext = {
    variant,
    dialect,
    rules: { ...arithmeticRules(compiler, name, place), mismatch },
    refuse(message) {
      functionMismatch(compiler, message, place)()
      return WRONG_TYPE
    },
  }
  const { missingArgumentGivesNull } = dialect
  const checkTypes = missingArgumentGivesNull ? undefined : typeCheck(name, mismatch)
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
    if (isMissing || isNull) {
      if (checkTypes?.(values) === MISSING) return MISSING
      return isMissing && !missingArgumentGivesNull ? MISSING : NULL
    }
    const result = scalar(values, context)
    return result === WRONG_TYPE ? mismatch() : result
  }
}

/** Beside an absent argument, strict typing still refuses one of the wrong type. */
function typeCheck(name: string, mismatch: TypeMismatch): (values: readonly EngineValue[]) => Missing | undefined {
  const accepted = FUNCTIONS.get(name)!.arguments
  return (values) => {
    for (const [index, value] of values.entries()) {
      if (!isAbsent(value) && !acceptsValue(accepted[index] ?? accepted.at(-1) ?? 'any', value)) return mismatch()
    }
    return undefined
  }
}

/** Functions that see absent arguments, or what surrounds the statement. */
type SpecialFunction = (args: readonly Evaluate[], call: FunctionCall, compiler: Compiler) => Evaluate

const SPECIAL: ReadonlyMap<string, SpecialFunction> = new Map<string, SpecialFunction>([
  ['coalesce', (args) => coalesce(args)],
  [
    'current_date',
    (_args, _call, { dialect }) =>
      (frame) => {
        const today = DateValue.fromDays(Math.floor(frame.context.now / MILLIS_PER_DAY))!
        return dialect.hasIonTypes ? today.toTimestamp() : today
      },
  ],
  ['current_timestamp', () => (frame) => Timestamp.fromMillis(frame.context.now)],
  ['current_user', () => () => NULL],
  ['exists', exists],
  ['nullif', (args) => nullIf(args)],
  ['txid', () => (frame) => frame.transaction.id],
  ['unix_timestamp', unixTimestamp],
  ['utcnow', () => (frame) => Timestamp.fromMillis(frame.context.now)],
])

const MILLIS_PER_DAY = 86_400_000

const SCALARS: ReadonlyMap<string, ScalarFunction> = new Map([
  ...TEXT_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...DATETIME_FUNCTIONS,
  ...COLLECTION_FUNCTIONS,
])

/** The names of all functions that have an implementation. */
export const IMPLEMENTED_FUNCTIONS: readonly string[] = [...SPECIAL.keys(), ...SCALARS.keys()]

/** The first argument that is there; NULL where none is. */
function coalesce(args: readonly Evaluate[]): Evaluate {
  return (frame) => {
    for (const argument of args) {
      const value = argument(frame)
      if (!isAbsent(value)) return value
    }
    return NULL
  }
}

function nullIf([first, second]: readonly Evaluate[]): Evaluate {
  return (frame) => {
    const value = first!(frame)
    return equals(value, second!(frame)) === true ? NULL : value
  }
}

/** Whether a collection has elements; QLDB refuses MISSING, and answers FALSE for what is no collection. */
function exists([collection]: readonly Evaluate[], call: FunctionCall, compiler: Compiler): Evaluate {
  const isQldb = compiler.dialect.name === 'qldb'
  const mismatch = typeMismatch(compiler, 'EXISTS looks into a list, a bag or a struct.', call.place)
  const refuseMissing = functionMismatch(compiler, 'EXISTS needs a value, got MISSING.', call.place)
  return (frame) => {
    const value = collection!(frame)
    if (value === MISSING) return refuseMissing()
    const plain = bare(value)
    if (plain instanceof IonStruct) return plain.size > 0
    const items = itemsOf(plain)
    return items !== undefined ? items.length > 0 : isQldb ? false : mismatch()
  }
}

/** Seconds since 1970-01-01T00:00Z, of now without an argument; a decimal where there is a fraction. */
function unixTimestamp([value]: readonly Evaluate[], call: FunctionCall, compiler: Compiler): Evaluate {
  if (value === undefined) return (frame) => Math.floor(frame.context.now / 1000)
  const mismatch = typeMismatch(compiler, 'UNIX_TIMESTAMP takes a timestamp.', call.place)
  return (frame) => {
    const timestamp = bare(value(frame))
    if (isAbsent(timestamp)) return timestamp === MISSING ? MISSING : NULL
    if (!(timestamp instanceof Timestamp)) return mismatch()
    const { fraction } = timestamp
    const seconds = timestamp.epochSeconds()
    return fraction === undefined ? seconds : Decimal.of(fraction.coefficient, -fraction.digits).plus(seconds)
  }
}
