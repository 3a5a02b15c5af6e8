import { Decimal, IonFloat, Timestamp } from '../../ion/index.ts'
import type * as syntax from '../syntax/nodes.ts'
import { DateValue } from '../value/date-value.ts'
import { limitDigits } from '../value/decimal-digits.ts'
import { isInt64 } from '../value/engine-number.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { Interval } from '../value/interval.ts'
import { LocalTimestamp, splitOffset } from '../value/local-timestamp.ts'
import { TimeValue } from '../value/time-value.ts'
import type { PlanExpression } from './expression.ts'
import type { PlanContext } from './plan-context.ts'

/** A literal. In PartiQL an int has 64 bits, a decimal 38 digits; one with an exponent remembers its float. */
export function bindLiteral(node: syntax.Literal, context: PlanContext): PlanExpression {
  const { value, isIon } = node
  if (!isIon && value instanceof Decimal && !context.dialect.hasIonTypes) {
    const isApproximate = /e/i.test(written(node, context))
    return {
      kind: 'constant',
      value: limitDigits(value),
      asFloat: isApproximate ? new IonFloat(value.toNumber()) : undefined,
    }
  }
  if (!isIon) checkInt(value, node, context)
  return { kind: 'constant', value }
}

/** `-12` as one constant, which alone reaches the smallest int; undefined for anything else. */
export function bindNegativeLiteral(node: syntax.Unary, context: PlanContext): PlanExpression | undefined {
  const { operator, operand } = node
  if (operator !== '-' || operand.kind !== 'literal' || operand.isIon || typeof operand.value !== 'bigint')
    return undefined
  const value = -operand.value
  checkInt(value, node, context)
  return { kind: 'constant', value }
}

function checkInt(value: EngineValue, node: syntax.Literal | syntax.Unary, context: PlanContext): void {
  if (typeof value !== 'bigint' || context.dialect.hasIonTypes || isInt64(value)) return
  throw context.error(
    'EVALUATION_ERROR',
    `${value} is beyond the 64 bits of an int. Write it as a decimal: ${value}.0`,
    node.location,
  )
}

function written(node: syntax.Literal, context: PlanContext): string {
  const { offset, length } = node.location
  return context.text.slice(offset, offset + length)
}

/**
 * `DATE '…'`, `TIME '…'`, `TIMESTAMP '…'`. In QLDB's dialect a date and a timestamp are Ion timestamps, which documents
 * hold and indexes find; digits stay as they are written.
 *
 * @throws {StatementError} TYPE_ERROR where a zone is missing or too much
 */
export function bindDatetime(node: syntax.DatetimeLiteral, context: PlanContext): PlanExpression {
  const value = context.dialect.hasIonTypes && node.type !== 'time' ? ionTimestamp(node) : datetimeValue(node)
  if (typeof value !== 'string') return { kind: 'constant', value }
  throw context.error('TYPE_ERROR', `${JSON.stringify(node.text)} is no ${node.type}: ${value}.`, node.location)
}

function ionTimestamp({ type, text }: syntax.DatetimeLiteral): EngineValue | string {
  const joined = type === 'date' ? text : text.trim().replace(' ', 'T').replace(/\s+/g, '')
  const zoned = type === 'date' || /(?:Z|[+-]\d\d:\d\d)$/i.test(joined) ? joined : `${joined}-00:00`
  try {
    return Timestamp.parse(zoned)
  } catch (cause) {
    return (cause as Error).message
  }
}

/** The value, or what is wrong. */
function datetimeValue({ type, text, precision, withTimeZone }: syntax.DatetimeLiteral): EngineValue | string {
  if (type === 'date') return DateValue.parse(text) ?? 'expected a day of the calendar, like 2026-11-20'
  const { local: localText, offsetMinutes } = splitOffset(text)
  if (withTimeZone === true && offsetMinutes === undefined) return 'WITH TIME ZONE needs an offset, like +01:00'
  if (withTimeZone === false && offsetMinutes !== undefined) return 'WITHOUT TIME ZONE allows no offset'
  if (type === 'time') {
    const time = TimeValue.parse(text)
    if (time === undefined) return 'expected a time of day, like 14:02:07.5'
    return precision === undefined ? time : time.round(precision)
  }
  const read = LocalTimestamp.parse(localText)
  const local = precision === undefined ? read : read?.round(precision)
  if (local === undefined) return 'expected a day and a time of day, like 2026-11-20 14:02:07.5'
  if (offsetMinutes === undefined) return local
  try {
    return local.toTimestamp(offsetMinutes)
  } catch (cause) {
    return (cause as Error).message
  }
}

/** @throws {StatementError} EVALUATION_ERROR when the text does not fit the fields */
export function bindInterval(node: syntax.IntervalLiteral, context: PlanContext): PlanExpression {
  try {
    const interval = Interval.parse(node.text, node.qualifier)
    return { kind: 'constant', value: node.sign === '-' ? interval.negate() : interval }
  } catch (cause) {
    throw context.error('EVALUATION_ERROR', (cause as Error).message, node.location)
  }
}
