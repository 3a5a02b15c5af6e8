import { planAccess } from './access-path.ts'
import { type PlanExpression, slotsOf } from './expression.ts'
import { planFilter } from './filter.ts'
import { type FromStep, type Source, sourcesOf } from './from.ts'
import { type Operator, writtenSlots } from './operator.ts'
import type { PlanContext } from './plan-context.ts'

/**
 * The operator for a chain under conditions. Every condition is applied as early as its slots are known, an equality
 * with a document id, an indexed field or an earlier source also chooses how the source is read; it is checked again
 * on the row, so that a result never depends on the access path.
 *
 * @param before slots that are known before the chain starts, from a join around it
 */
export function planFrom(
  steps: readonly FromStep[],
  conditions: readonly PlanExpression[],
  context: PlanContext,
  before: ReadonlySet<number> = new Set(),
): Operator {
  if (!context.optimize) return planFilter(planAsWritten(steps), conditions)
  const own = new Set(sourcesOf(steps).flatMap(writtenSlots))
  let pending = conditions.map((condition) => ({
    condition,
    slots: [...slotsOf(condition)].filter((slot) => own.has(slot)),
  }))
  const take = (asked: (slots: readonly number[]) => boolean): PlanExpression[] => {
    const taken = pending.filter(({ slots }) => asked(slots))
    pending = pending.filter((each) => !taken.includes(each))
    return taken.map(({ condition }) => condition)
  }

  let planned: Operator | undefined
  const known = new Set(before)
  for (const step of steps) {
    const slots = new Set(itemSlots(step.item))
    const isHere = (slot: number): boolean => slots.has(slot)
    const isKnown = (slot: number): boolean => slots.has(slot) || known.has(slot)
    let local: PlanExpression[]
    let joining: PlanExpression[]
    if (step.join === 'inner') {
      local = take((each) => each.every(isHere))
      joining = take((each) => each.every(isKnown))
    } else {
      local = step.on.filter((condition) => ![...slotsOf(condition)].some((slot) => known.has(slot)))
      joining = step.on.filter((condition) => !local.includes(condition))
    }
    planned = planStep(planned, step, local, joining, known, context)
    for (const slot of slots) known.add(slot)
    if (step.join === 'left')
      planned = planFilter(
        planned,
        take((each) => each.every(isKnown)),
      )
  }
  return planFilter(
    planned ?? { kind: 'once' },
    take(() => true),
  )
}

/** Nested loops from left to right over whole sources. */
function planAsWritten(steps: readonly FromStep[]): Operator {
  let planned: Operator | undefined
  for (const { item, join, on } of steps) {
    const right = Array.isArray(item) ? planAsWritten(item) : item
    planned = planned === undefined ? planFilter(right, on) : { kind: 'nested-loop', join, left: planned, right, on }
  }
  return planned ?? { kind: 'once' }
}

function planStep(
  left: Operator | undefined,
  step: FromStep,
  local: readonly PlanExpression[],
  joining: readonly PlanExpression[],
  known: ReadonlySet<number>,
  context: PlanContext,
): Operator {
  const { item, join } = step
  if (Array.isArray(item)) {
    const right = planFrom(item, [...local, ...joining], context, known)
    return left === undefined ? right : { kind: 'nested-loop', join, left, right, on: [] }
  }
  const access = planAccess(item, [...joining, ...local])
  const readsLeft = [...slotsOfAccess(access)].some((slot) => known.has(slot))
  if (left === undefined) return planFilter(access, [...local, ...joining])
  const right = planFilter(access, local)
  if (!readsLeft && !local.some((condition) => [...slotsOf(condition)].some((slot) => known.has(slot)))) {
    const keys = hashKeys(joining, new Set(itemSlots(item)), known)
    if (keys.leftKeys.length > 0) return { kind: 'hash-join', join, left, right, ...keys, on: joining }
  }
  return { kind: 'nested-loop', join, left, right, on: joining }
}

/** The equalities between this item and what is known before it. */
function hashKeys(
  conditions: readonly PlanExpression[],
  here: ReadonlySet<number>,
  known: ReadonlySet<number>,
): { leftKeys: PlanExpression[]; rightKeys: PlanExpression[] } {
  const leftKeys: PlanExpression[] = []
  const rightKeys: PlanExpression[] = []
  for (const condition of conditions) {
    if (condition.kind !== 'binary' || condition.operator !== '=') continue
    for (const [one, other] of [
      [condition.left, condition.right],
      [condition.right, condition.left],
    ] as const) {
      const oneSlots = [...slotsOf(one)]
      const otherSlots = [...slotsOf(other)]
      const isRight = oneSlots.some((slot) => here.has(slot)) && !oneSlots.some((slot) => known.has(slot))
      const isLeft = otherSlots.some((slot) => known.has(slot)) && !otherSlots.some((slot) => here.has(slot))
      if (isRight && isLeft) {
        rightKeys.push(one)
        leftKeys.push(other)
        break
      }
    }
  }
  return { leftKeys, rightKeys }
}

function itemSlots(item: Source | FromStep[]): number[] {
  return Array.isArray(item) ? sourcesOf(item).flatMap(writtenSlots) : writtenSlots(item)
}

function slotsOfAccess(access: Operator): Set<number> {
  const slots = new Set<number>()
  switch (access.kind) {
    case 'document-lookup':
      for (const id of access.ids) slotsOf(id, slots)
      break
    case 'index-seek':
      for (const key of access.keys) slotsOf(key, slots)
      break
    case 'history-scan':
      for (const each of [...(access.ids ?? []), access.start, access.end]) if (each !== undefined) slotsOf(each, slots)
      break
    case 'unnest':
      slotsOf(access.collection, slots)
      break
    default:
      break
  }
  return slots
}
