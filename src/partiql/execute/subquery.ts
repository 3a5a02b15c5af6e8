import { StatementError } from '../../errors.ts'
import { IonList, IonStruct, type IonValue, NULL } from '../../ion/index.ts'
import type { Subquery } from '../plan/expression.ts'
import { columnsOf } from '../plan/query.ts'
import { Bag, type EngineValue, MISSING } from '../value/engine-value.ts'
import type { Compiler, Evaluate, ValueCursor } from './compiler.ts'
import type { Frame } from './frame.ts'
import { readAll } from './value-cursors.ts'

/**
 * A nested query as an expression. As a scalar, one row with one attribute is that attribute's value, no row is NULL
 * and anything else MISSING, or an error in strict typing; as a row, one row is a list of its values; as a collection it
 * is a list when ordered, else a bag; `unwrapped`, for IN, takes the value out of rows with one attribute. One that reads
 * nothing of the queries around it is computed once per run.
 */
export function compileSubquery(subquery: Subquery, compiler: Compiler): Evaluate {
  const evaluate = compileOnce(subquery, compiler)
  if (subquery.plan.outerSlots.length > 0) return evaluate
  const key = subquery.share ?? subquery
  return (frame) => {
    const known = frame.memo.get(key) as EngineValue | undefined
    if (known !== undefined) return known
    const value = evaluate(frame)
    frame.memo.set(key, value)
    return value
  }
}

/** A query of WITH stands in many places, in which others stand again: compiled once, else it is 2ⁿ times. */
function compileOnce(subquery: Subquery, compiler: Compiler): Evaluate {
  if (subquery.share === undefined) return compileUse(subquery, compiler)
  let known = compiledUses.get(compiler)
  if (known === undefined) {
    known = new Map()
    compiledUses.set(compiler, known)
  }
  let evaluate = known.get(subquery)
  if (evaluate === undefined) {
    evaluate = compileUse(subquery, compiler)
    known.set(subquery, evaluate)
  }
  return evaluate
}

const compiledUses: WeakMap<Compiler, Map<Subquery, Evaluate>> = new WeakMap()

function compileUse(subquery: Subquery, compiler: Compiler): Evaluate {
  const { plan } = subquery
  const open = compiler.values(plan)
  const isStrict = compiler.dialect.typing === 'strict'
  const isKept = plan.outerSlots.length === 0
  const all = (frame: Frame): EngineValue[] => {
    const held = frame.budget.open('A nested query')
    const values = readAll(open(frame), held)
    // What is computed anew for every row is let go with the row.
    if (!isKept) held.release()
    return values
  }
  switch (subquery.as) {
    case 'scalar':
      return (frame) => scalarOf(open(frame), isStrict)
    case 'row':
      return (frame) => rowOf(open(frame), isStrict)
    case 'unwrapped': {
      // Rows of a select list hold their values by name; SELECT VALUE and SELECT * rows are what they are.
      const isList = columnsOf(plan) !== undefined
      return (frame) => new Bag(all(frame).map((row) => (isList ? unwrap(row) : row)) as IonValue[])
    }
    case 'collection':
      if (plan.kind === 'expression') return compiler.expression(plan.value)
      if (plan.kind === 'select' && plan.pivotName !== undefined) return (frame) => all(frame)[0] ?? MISSING
      return plan.isOrdered
        ? (frame) => new IonList(all(frame).filter((value) => value !== MISSING) as IonValue[])
        : (frame) => new Bag(all(frame) as IonValue[])
  }
}

/** The value of one row with one attribute; NULL of no row. */
function scalarOf(values: ValueCursor, isStrict: boolean): EngineValue {
  const row = onlyRow(values, isStrict)
  if (!(row instanceof IonStruct)) return row
  if (row.size === 1) return row.fields[0]!.value
  return noOneValue(isStrict, `gives a row with ${row.size} values`)
}

/** The values of one row as a list; NULL of no row. */
function rowOf(values: ValueCursor, isStrict: boolean): EngineValue {
  const row = onlyRow(values, isStrict)
  return row instanceof IonStruct ? new IonList(row.fields.map((field) => field.value)) : row
}

/** The one row, which the select list makes a struct; NULL when there is none. */
function onlyRow(values: ValueCursor, isStrict: boolean): EngineValue {
  try {
    const first = values.next()
    if (first === undefined) return NULL
    return values.next() === undefined ? first : noOneValue(isStrict, 'gives several rows')
  } finally {
    values.close()
  }
}

function noOneValue(isStrict: boolean, problem: string): EngineValue {
  if (!isStrict) return MISSING
  throw new StatementError('TYPE_ERROR', `A query in the place of a value must give one value; this one ${problem}.`)
}

function unwrap(row: EngineValue): EngineValue {
  if (!(row instanceof IonStruct)) return row
  const values = row.fields.map((field) => field.value)
  return values.length === 1 ? values[0]! : new IonList(values)
}
