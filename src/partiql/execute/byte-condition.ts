import { EncodedProbe } from '../../ion/index.ts'
import type { PlanExpression } from '../plan/expression.ts'
import type { FieldSlot } from '../plan/table-source.ts'
import type { BinaryOperator } from '../syntax/nodes.ts'
import type { EngineValue } from '../value/engine-value.ts'
import type { Frame } from './frame.ts'

/** What a condition says of a document's bytes: the row drops out, it passes, or the values must be decoded to know. */
export type Verdict = typeof DROPS | typeof PASSES | typeof UNDECIDED
export const DROPS = 0
export const PASSES = 1
const UNDECIDED = 2

type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>='

const MIRRORED: Readonly<Record<Comparison, Comparison>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

/** `field ⋈ value`, where the value is the same for every row. */
export class ByteConditionPlan {
  readonly #position: number
  readonly #comparison: Comparison
  readonly #value: (frame: Frame) => EngineValue

  constructor(position: number, comparison: Comparison, value: (frame: Frame) => EngineValue) {
    this.#position = position
    this.#comparison = comparison
    this.#value = value
  }

  /** For one run; undefined when bytes cannot be compared with this run's value. */
  ready(frame: Frame): ByteCondition | undefined {
    const probe = EncodedProbe.of(this.#value(frame))
    return probe && new ByteCondition(this.#position, this.#comparison, probe)
  }
}

/** A comparison of a field with a known value, tried on bytes. */
export class ByteCondition {
  readonly #position: number
  readonly #probe: EncodedProbe
  // What the condition says when the field's value is smaller, equal or greater.
  readonly #ifLess: Verdict
  readonly #ifEqual: Verdict
  readonly #ifGreater: Verdict

  constructor(position: number, comparison: Comparison, probe: EncodedProbe) {
    this.#position = position
    this.#probe = probe
    this.#ifLess = comparison === '<' || comparison === '<=' || comparison === '<>' ? PASSES : DROPS
    this.#ifEqual = comparison === '=' || comparison === '<=' || comparison === '>=' ? PASSES : DROPS
    this.#ifGreater = comparison === '>' || comparison === '>=' || comparison === '<>' ? PASSES : DROPS
  }

  /** @param starts where the document's fields start, -1 where it has none */
  tryOn(bytes: Uint8Array, starts: Int32Array, end: number): Verdict {
    const start = starts[this.#position]!
    if (start < 0) return UNDECIDED
    const order = this.#probe.compare(bytes, start, end)
    if (order < 0) return this.#ifLess
    if (order > 0) return this.#ifGreater
    return order === 0 ? this.#ifEqual : UNDECIDED
  }
}

/** The conditions that can be tried on the bytes of a document, and the rest. A condition is in one of the two. */
export function byteConditionsOf(
  conditions: readonly PlanExpression[],
  fields: readonly FieldSlot[],
): { readonly onBytes: readonly ByteConditionPlan[]; readonly undecided: readonly PlanExpression[] } {
  const onBytes: ByteConditionPlan[] = []
  const undecided: PlanExpression[] = []
  for (const condition of conditions) {
    const plans = plansFor(condition, fields)
    if (plans === undefined) undecided.push(condition)
    else onBytes.push(...plans)
  }
  return { onBytes, undecided }
}

function plansFor(condition: PlanExpression, fields: readonly FieldSlot[]): ByteConditionPlan[] | undefined {
  if (condition.kind === 'binary') {
    const { operator, left, right } = condition
    if (!isComparison(operator)) return undefined
    const plan = planFor(left, operator, right, fields) ?? planFor(right, MIRRORED[operator], left, fields)
    return plan && [plan]
  }
  if (condition.kind === 'between' && !condition.negated) {
    const low = planFor(condition.operand, '>=', condition.low, fields)
    const high = planFor(condition.operand, '<=', condition.high, fields)
    return low && high && [low, high]
  }
  return undefined
}

function planFor(
  field: PlanExpression,
  comparison: Comparison,
  value: PlanExpression,
  fields: readonly FieldSlot[],
): ByteConditionPlan | undefined {
  if (field.kind !== 'slot') return undefined
  const position = fields.findIndex((each) => each.slot === field.slot)
  if (position < 0) return undefined
  if (value.kind === 'constant') return new ByteConditionPlan(position, comparison, () => value.value)
  if (value.kind !== 'parameter') return undefined
  return new ByteConditionPlan(position, comparison, (frame) => frame.parameters[value.index]!)
}

function isComparison(operator: BinaryOperator | 'overlaps'): operator is Comparison {
  return operator in MIRRORED
}
