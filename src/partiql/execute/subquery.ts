import { IonList, IonStruct, type IonValue, NULL } from '../../ion/index.ts'
import type { Subquery } from '../plan/expression.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import type { Compiler, Evaluate, ValueCursor } from './compiler.ts'

/**
 * A nested query as an expression. As a scalar, one row with one attribute is that attribute's value, no row is NULL
 * and anything else MISSING; as a collection it is a list when ordered, else a bag; `unwrapped`, for IN, takes the
 * value out of rows with one attribute. One that reads nothing of the queries around it is computed once per run.
 */
export function compileSubquery(subquery: Subquery, compiler: Compiler): Evaluate {
  const evaluate = compileUse(subquery, compiler)
  if (subquery.plan.outerSlots.length > 0) return evaluate
  return (frame) => {
    const known = frame.memo.get(subquery) as EngineValue | undefined
    if (known !== undefined) return known
    const value = evaluate(frame)
    frame.memo.set(subquery, value)
    return value
  }
}

function compileUse(subquery: Subquery, compiler: Compiler): Evaluate {
  const { plan } = subquery
  const open = compiler.values(plan)
  switch (subquery.as) {
    case 'scalar':
      return (frame) => scalarOf(open(frame))
    case 'unwrapped': {
      // Rows of a select list hold their values by name; SELECT VALUE and SELECT * rows are what they are.
      const isList =
        plan.kind === 'select' &&
        plan.output.kind === 'tuple' &&
        plan.output.items.every((item) => item.kind === 'field')
      return (frame) => new Bag(readAll(open(frame)).map((row) => (isList ? unwrap(row) : row)) as IonValue[])
    }
    case 'collection':
      if (plan.kind === 'expression') return compiler.expression(plan.value)
      if (plan.kind === 'select' && plan.pivotName !== undefined) return (frame) => readAll(open(frame))[0] ?? MISSING
      return plan.isOrdered
        ? (frame) => new IonList(readAll(open(frame)).filter((value) => value !== MISSING) as IonValue[])
        : (frame) => new Bag(readAll(open(frame)) as IonValue[])
  }
}

function scalarOf(values: ValueCursor): EngineValue {
  try {
    const first = values.next()
    if (first === undefined) return NULL
    if (values.next() !== undefined || !(first instanceof IonStruct) || first.size !== 1) return MISSING
    return first.fields[0]!.value
  } finally {
    values.close()
  }
}

function unwrap(row: EngineValue): EngineValue {
  if (!(row instanceof IonStruct)) return row
  const values = row.fields.map((field) => field.value)
  return values.length === 1 ? values[0]! : new IonList(values)
}

function readAll(values: ValueCursor): EngineValue[] {
  const all: EngineValue[] = []
  try {
    for (let value = values.next(); value !== undefined; value = values.next()) all.push(value)
  } finally {
    values.close()
  }
  return all
}
