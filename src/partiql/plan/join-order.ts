import { planAccess } from './access-path.ts'
import { estimateCost } from './estimate.ts'
import { type PlanExpression, slotsOf } from './expression.ts'
import { planFilter } from './filter.ts'
import { type BoundFrom, type FromStep, type FullJoin, type Source, sourcesOf } from './from.ts'
import { expressionsOf, type Operator, writtenSlots } from './operator.ts'
import type { PlanContext } from './plan-context.ts'

/**
 * The operator for a chain under conditions. Every condition is applied as early as its slots are known; an equality or
 * a comparison with a document id, an indexed field or an earlier source also chooses how the source is read. It is
 * checked again on the row, so that a result never depends on the access path. Tables that only inner joins connect are
 * read in the order that is estimated to cost least, where their sizes are known.
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
  let chain = Chain.start(steps, conditions, context, before)
  for (let position = 0; position < steps.length; ) {
    const step = steps[position]!
    const run = isMovable(step) ? steps.slice(position, endOfRun(steps, position)) : [step]
    chain = run.length < 2 ? chain.with(step) : inBestOrder(chain, run)
    position += run.length
  }
  return chain.finish()
}

/** Nested loops from left to right over whole sources. */
function planAsWritten(steps: readonly FromStep[]): Operator {
  let planned: Operator | undefined
  for (const { item, join, on } of steps) {
    const right = Array.isArray(item)
      ? planAsWritten(item)
      : item.kind === 'full-join'
        ? planFullJoin(item, ({ steps: side, conditions }) => planFilter(planAsWritten(side), conditions), false)
        : item
    planned = planned === undefined ? planFilter(right, on) : { kind: 'nested-loop', join, left: planned, right, on }
  }
  return planned ?? { kind: 'once' }
}

/** Tables have no order. Collections do, and people expect to see their rows in it. */
function isMovable({ join, item }: FromStep): boolean {
  return join === 'inner' && isTable(item)
}

function isTable(item: FromStep['item']): boolean {
  return !Array.isArray(item) && 'table' in item
}

function endOfRun(steps: readonly FromStep[], start: number): number {
  let end = start
  while (end < steps.length && isMovable(steps[end]!)) end++
  return end
}

/** More sources than this in a row are joined as written. */
const MAX_ORDERED = 8

/**
 * Greedy from each source that can come first: always the step that makes the chain cost least. The written order is
 * kept unless another is cheaper.
 */
function inBestOrder(chain: Chain, run: readonly FromStep[]): Chain {
  const asWritten = run.reduce((before, step) => before.with(step), chain)
  let leastCost = asWritten.cost()
  if (leastCost === undefined || run.length > MAX_ORDERED) return asWritten
  let best = asWritten
  for (const first of run) {
    if (!chain.canTake(first)) continue
    let ordered = chain.with(first)
    const left = new Set(run)
    left.delete(first)
    while (left.size > 0) {
      const next = [...left]
        .filter((step) => ordered.canTake(step))
        .map((step) => ({ step, taken: ordered.with(step) }))
        .reduce((a, b) => ((b.taken.cost() ?? 0) < (a.taken.cost() ?? 0) ? b : a))
      left.delete(next.step)
      ordered = next.taken
    }
    const cost = ordered.cost()
    if (cost === undefined || cost >= leastCost) continue
    best = ordered
    leastCost = cost
  }
  return best
}

interface PendingCondition {
  readonly condition: PlanExpression
  /** The slots of the chain that it reads. */
  readonly slots: readonly number[]
}

/** The first steps of a chain, planned, and the conditions that wait for later ones. Immutable. */
class Chain {
  readonly #planned: Operator | undefined
  readonly #known: ReadonlySet<number>
  readonly #pending: readonly PendingCondition[]
  /** The slots of all steps. */
  readonly #own: ReadonlySet<number>
  readonly #context: PlanContext

  private constructor(
    planned: Operator | undefined,
    known: ReadonlySet<number>,
    pending: readonly PendingCondition[],
    own: ReadonlySet<number>,
    context: PlanContext,
  ) {
    this.#planned = planned
    this.#known = known
    this.#pending = pending
    this.#own = own
    this.#context = context
  }

  static start(
    steps: readonly FromStep[],
    conditions: readonly PlanExpression[],
    context: PlanContext,
    before: ReadonlySet<number>,
  ): Chain {
    const own = new Set(sourcesOf(steps).flatMap(writtenSlots))
    const pending = conditions.map((condition) => ({
      condition,
      slots: [...slotsOf(condition)].filter((slot) => own.has(slot)),
    }))
    return new Chain(undefined, before, pending, own, context)
  }

  /** True when the step reads nothing of steps that are still to come. */
  canTake({ item }: FromStep): boolean {
    const read = new Set<number>()
    for (const source of sourcesOf([{ join: 'inner', item, on: [] }])) {
      for (const expression of expressionsOf(source)) slotsOf(expression, read)
    }
    for (const condition of Array.isArray(item) ? [] : fullJoinConditions(item)) slotsOf(condition, read)
    const here = new Set(itemSlots(item))
    return [...read].every((slot) => !this.#own.has(slot) || this.#known.has(slot) || here.has(slot))
  }

  with(step: FromStep): Chain {
    const here = new Set(itemSlots(step.item))
    const isHere = (slot: number): boolean => here.has(slot)
    const isKnown = (slot: number): boolean => here.has(slot) || this.#known.has(slot)
    const known = new Set([...this.#known, ...here])
    if (step.join !== 'inner') {
      const local = step.on.filter((condition) => ![...slotsOf(condition)].some((slot) => this.#known.has(slot)))
      const joining = step.on.filter((condition) => !local.includes(condition))
      const planned = planStep(this.#planned, step, local, joining, this.#known, this.#context)
      const above = this.#pending.filter(({ slots }) => slots.every(isKnown))
      return this.#next(
        planFilter(
          planned,
          above.map(({ condition }) => condition),
        ),
        known,
        above,
      )
    }
    const local = this.#pending.filter(({ slots }) => slots.every(isHere))
    const joining = this.#pending.filter((each) => !local.includes(each) && each.slots.every(isKnown))
    const planned = planStep(
      this.#planned,
      step,
      local.map(({ condition }) => condition),
      joining.map(({ condition }) => condition),
      this.#known,
      this.#context,
    )
    return this.#next(planned, known, [...local, ...joining])
  }

  #next(planned: Operator, known: ReadonlySet<number>, applied: readonly PendingCondition[]): Chain {
    const pending = this.#pending.filter((each) => !applied.includes(each))
    return new Chain(planned, known, pending, this.#own, this.#context)
  }

  /** What running it costs about; undefined when that cannot be said. */
  cost(): number | undefined {
    return this.#planned && estimateCost(this.#planned, this.#context.catalog)
  }

  finish(): Operator {
    return planFilter(
      this.#planned ?? { kind: 'once' },
      this.#pending.map(({ condition }) => condition),
    )
  }
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
  if (item.kind === 'full-join') {
    const planned = planFullJoin(item, (side) => planFrom(side.steps, side.conditions, context, known), true)
    if (left === undefined) return planFilter(planned, [...local, ...joining])
    return { kind: 'nested-loop', join, left, right: planFilter(planned, local), on: joining }
  }
  const access = planAccess(item, [...joining, ...local])
  if (left === undefined) return planFilter(access, [...local, ...joining])
  const loop: Operator = { kind: 'nested-loop', join, left, right: planFilter(access, local), on: joining }
  const hashed = planHashJoins(left, step, item, local, joining, known)
  if (hashed.length === 0) return loop
  const seeks = access.kind !== 'index-range' && readsAny(expressionsOf(access), known)
  // Without sizes an index beats a hash table, and a hash table reading everything again and again.
  const candidates = seeks ? [loop, ...hashed] : hashed
  return cheapest(candidates, context) ?? candidates[0]!
}

/** The hash joins that are possible: the new source in the table and, for an inner join, what is before it there. */
function planHashJoins(
  left: Operator,
  { join }: FromStep,
  item: Source,
  local: readonly PlanExpression[],
  joining: readonly PlanExpression[],
  known: ReadonlySet<number>,
): Operator[] {
  if (join !== 'inner' && join !== 'left') return []
  const access = planAccess(item, local)
  if (readsAny([...expressionsOf(access), ...local], known)) return []
  const { leftKeys, rightKeys } = hashKeys(joining, new Set(itemSlots(item)), known)
  if (leftKeys.length === 0) return []
  const right = planFilter(access, local)
  const hashed: Operator = { kind: 'hash-join', join, left, right, leftKeys, rightKeys, on: joining }
  if (join !== 'inner' || !isTable(item)) return [hashed]
  return [
    hashed,
    { kind: 'hash-join', join, left: right, right: left, leftKeys: rightKeys, rightKeys: leftKeys, on: joining },
  ]
}

/** Undefined when the costs are not known. */
function cheapest(candidates: readonly Operator[], { catalog }: PlanContext): Operator | undefined {
  let best: Operator | undefined
  let leastCost = Number.POSITIVE_INFINITY
  for (const candidate of candidates) {
    const cost = estimateCost(candidate, catalog)
    if (cost === undefined) return undefined
    if (cost >= leastCost) continue
    best = candidate
    leastCost = cost
  }
  return best
}

function readsAny(expressions: readonly PlanExpression[], slots: ReadonlySet<number>): boolean {
  return expressions.some((expression) => [...slotsOf(expression)].some((slot) => slots.has(slot)))
}

function fullJoinConditions(item: Source | FullJoin): readonly PlanExpression[] {
  return item.kind === 'full-join' ? [...item.left.conditions, ...item.right.conditions, ...item.on] : []
}

function planFullJoin(join: FullJoin, planSide: (side: BoundFrom) => Operator, hashes: boolean): Operator {
  const left = planSide(join.left)
  const right = planSide(join.right)
  const { on } = join
  const keys = hashKeys(on, new Set(writtenSlots(right)), new Set(writtenSlots(left)))
  return hashes && keys.leftKeys.length > 0
    ? { kind: 'hash-join', join: 'full', left, right, ...keys, on }
    : { kind: 'nested-loop', join: 'full', left, right, on }
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

function itemSlots(item: FromStep['item']): number[] {
  return sourcesOf([{ join: 'inner', item, on: [] }]).flatMap(writtenSlots)
}
