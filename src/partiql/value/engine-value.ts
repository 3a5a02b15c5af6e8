import { IonList, type IonValue } from '../../ion/index.ts'
import type { DateValue } from './date-value.ts'
import type { Graph } from './graph.ts'
import type { Interval } from './interval.ts'
import type { LocalTimestamp } from './local-timestamp.ts'
import type { TimeValue } from './time-value.ts'

/** The absent value of PartiQL: `{'a': 1}.b`. There is one instance, {@link MISSING}; compare by identity. */
export class Missing {
  readonly kind = 'missing'
}

/** The one MISSING. A struct never holds it: the pair vanishes on construction. */
export const MISSING: Missing = new Missing()

/**
 * A multiset: what a query without ORDER BY yields and what `<< >>` writes. It is a list whose order means nothing,
 * so that where a bag leaves the engine (nested in a result, stored in a document) it is written as an Ion list. Its
 * `items` may hold MISSING while inside the engine.
 */
export class Bag extends IonList {
  constructor(items: readonly EngineValue[]) {
    super(items as readonly IonValue[])
  }
}

/**
 * What an expression evaluates to: Ion values, a {@link Bag} among the lists, and the values that Ion has no type for. The
 * containers of Ion may hold any of them while inside the engine; their types do not say so.
 */
export type EngineValue = IonValue | Missing | DateValue | TimeValue | LocalTimestamp | Interval | Graph
