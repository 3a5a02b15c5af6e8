import { type IonField, IonStruct, type IonValue } from '../../ion/index.ts'
import type { CatalogAccess } from './catalog-access.ts'
import { estimateRows, topOf } from './estimate.ts'
import { type PlanExpression, partsOf } from './expression.ts'
import { expressionsOf, inputsOf, type Operator } from './operator.ts'
import { SlotNames } from './print-expression.ts'
import type { QueryPlan } from './query.ts'
import type { SortKey } from './sort.ts'
import type { StatementPlan } from './statement.ts'
import type { IndexRange } from './table-source.ts'

/** How many rows a part of a plan has given; undefined when that was not counted. */
export type CountOf = (part: Operator | QueryPlan) => number | undefined

/**
 * What EXPLAIN answers: one struct per step, `{step, on, detail, estimated, rows}`, from the outside in. `step` is
 * indented by two blanks per level; `on` names the table and how it is read, where there is one; `detail` holds
 * conditions, keys and limits. `estimated` is how many rows are expected of the step, where the sizes of its tables are
 * known, and `rows` how many it gave, all its runs together, where they were counted.
 *
 * @param catalog for the sizes of tables
 */
export function explainPlan(
  plan: StatementPlan,
  catalog: CatalogAccess,
  countOf: CountOf = () => undefined,
): IonValue[] {
  const lines: IonValue[] = []
  const names = new SlotNames()
  const line = (
    depth: number,
    step: string,
    on: string | undefined,
    detail: string,
    estimated?: number | undefined,
    rows?: number | undefined,
  ): void => {
    const fields: IonField[] = [{ name: 'step', value: '  '.repeat(depth) + step }]
    if (on !== undefined) fields.push({ name: 'on', value: on })
    if (detail !== '') fields.push({ name: 'detail', value: detail })
    if (estimated !== undefined) fields.push({ name: 'estimated', value: estimated })
    if (rows !== undefined) fields.push({ name: 'rows', value: rows })
    lines.push(new IonStruct(fields))
  }
  const query = (each: QueryPlan, depth: number): void => {
    switch (each.kind) {
      case 'select': {
        names.note(each.input)
        const tail = [
          each.isDistinct ? 'distinct' : undefined,
          each.offset && `offset ${names.print(each.offset)}`,
          each.limit && `limit ${names.print(each.limit)}`,
        ].filter((part) => part !== undefined)
        const rows = estimateRows(each.input, catalog)
        const most = each.limit && topOf([each.limit])
        const estimated = rows === undefined ? undefined : Math.min(rows, most ?? rows)
        line(depth, 'select', undefined, [names.print(each.output), ...tail].join(', '), estimated, countOf(each))
        nested([each.output, each.limit, each.offset], depth + 1)
        operator(each.input, depth + 1)
        break
      }
      case 'set-operation':
        line(depth, each.operator + (each.isDistinct ? '' : ' all'), undefined, '')
        query(each.left, depth + 1)
        query(each.right, depth + 1)
        break
      case 'expression':
        line(depth, 'evaluate', undefined, names.print(each.value))
        nested([each.value], depth + 1)
    }
  }
  const shown: Set<PlanExpression> = new Set()
  /** The queries inside expressions. One that is a condition and also chooses the access path is shown once. */
  const nested = (expressions: readonly (PlanExpression | undefined)[], depth: number): void => {
    for (const expression of expressions) {
      if (expression === undefined) continue
      if (expression.kind !== 'subquery') nested(partsOf(expression), depth)
      else if (!shown.has(expression)) {
        shown.add(expression)
        const isOnce = expression.plan.outerSlots.length === 0
        line(depth, 'nested query', undefined, isOnce ? 'run once' : 'run for every row')
        query(expression.plan, depth + 1)
      }
    }
  }
  const operator = (each: Operator, depth: number): void => {
    const { step, on, detail } = describe(each, names)
    line(depth, step, on, detail, estimateRows(each, catalog), countOf(each))
    if (each.kind === 'unnest' && each.collection.kind === 'subquery') query(each.collection.plan, depth + 1)
    else nested(expressionsOf(each), depth + 1)
    for (const input of inputsOf(each)) operator(input, depth + 1)
  }
  switch (plan.kind) {
    case 'query':
      query(plan.query, 0)
      break
    case 'insert':
      line(0, 'insert', plan.table.name, plan.source === undefined ? 'default values' : names.print(plan.source))
      if (plan.source?.kind === 'subquery') query(plan.source.plan, 1)
      break
    case 'change':
      names.note(plan.input)
      line(0, 'change', plan.table.name, plan.changes.map((change) => change.kind).join(', '))
      operator(plan.input, 1)
      break
    case 'explain':
      line(0, 'explain', undefined, '')
      break
    case 'create-table':
      line(0, 'create table', plan.name, '')
      break
    case 'undrop-table':
      line(0, 'undrop table', plan.tableId, '')
      break
    case 'drop-table':
    case 'create-index':
    case 'drop-index':
      line(0, plan.kind.replace('-', ' '), plan.table.name, '')
  }
  return lines
}

function describe(operator: Operator, names: SlotNames): { step: string; on: string | undefined; detail: string } {
  const all = (expressions: readonly Parameters<SlotNames['print']>[0][], separator: string): string =>
    expressions.map((expression) => names.print(expression)).join(separator)
  switch (operator.kind) {
    case 'once':
      return { step: 'one row', on: undefined, detail: '' }
    case 'table-scan':
      return { step: 'scan', on: `${operator.table.name} as ${operator.slots.name}`, detail: 'every document' }
    case 'document-lookup':
      return {
        step: 'look up',
        on: `${operator.table.name} as ${operator.slots.name}`,
        detail: `document id ${operator.isCollection ? 'in' : '='} ${all(operator.ids, ', ')}`,
      }
    case 'index-seek':
      return {
        step: 'seek',
        on: `${operator.table.name} as ${operator.slots.name}`,
        detail: `index on ${operator.index.field} ${operator.isCollection ? 'in' : '='} ${all(operator.keys, ', ')}`,
      }
    case 'index-range':
      return {
        step: 'range',
        on: `${operator.table.name} as ${operator.slots.name}`,
        detail: describeRange(operator, names),
      }
    case 'history-scan':
      return {
        step: operator.ids === undefined ? 'scan history' : 'look up history',
        on: `${operator.table.name} as ${operator.slots.name}`,
        detail: operator.ids === undefined ? 'every revision' : `document id = ${all(operator.ids, ', ')}`,
      }
    case 'user-tables-scan':
      return { step: 'scan', on: 'information_schema.user_tables', detail: '' }
    case 'past-scan':
      return {
        step: 'scan the past',
        on: `${operator.name ?? 'information_schema.user_tables'} as ${operator.slots.name}`,
        detail: `as of ${names.print(operator.moment)}`,
      }
    case 'unnest':
      return {
        step: operator.over === 'fields' ? 'unpivot' : 'unnest',
        on: operator.slots.name,
        detail: names.print(operator.collection),
      }
    case 'filter':
      return { step: 'filter', on: undefined, detail: all(operator.conditions, ' AND ') }
    case 'let':
      return { step: 'let', on: undefined, detail: names.print(operator.value) }
    case 'nested-loop':
      return { step: `${operator.join} nested loop`, on: undefined, detail: all(operator.on, ' AND ') }
    case 'hash-join':
      return { step: `${operator.join} hash join`, on: undefined, detail: all(operator.on, ' AND ') }
    case 'group':
      return {
        step: 'group',
        on: undefined,
        detail: [
          ...(operator.shortcut === undefined ? [] : [SHORTCUTS[operator.shortcut]]),
          ...operator.keys.map((key) => names.print(key.expression)),
          ...operator.aggregates.map(
            (each) => `${each.name}(${each.argument === undefined ? '*' : names.print(each.argument)})`,
          ),
        ].join(', '),
      }
    case 'window':
      return {
        step: 'window',
        on: undefined,
        detail: [
          operator.functions.map((each) => `${each.name}(${all(each.args, ', ')})`).join(', '),
          ...(operator.partitionBy.length === 0 ? [] : [`partition by ${all(operator.partitionBy, ', ')}`]),
          ...(operator.orderBy.length === 0 ? [] : [`order by ${sortKeys(operator.orderBy, names)}`]),
        ].join(' '),
      }
    case 'exclude':
      return {
        step: 'exclude',
        on: undefined,
        detail: operator.variables.map((variable) => names.print(variable.source)).join(', '),
      }
    case 'sort':
      return {
        step: 'sort',
        on: undefined,
        detail: sortKeys(operator.keys, names),
      }
  }
}

const SHORTCUTS = { count: 'documents are counted, not read', first: 'only the first row' }

function sortKeys(keys: readonly SortKey[], names: SlotNames): string {
  const asked = keys.filter((key) => key.isTieBreak !== true)
  return asked.map((key) => names.print(key.expression) + (key.isDescending ? ' DESC' : '')).join(', ')
}

function describeRange(range: IndexRange, names: SlotNames): string {
  const { index, low, high, pattern, isReverse, absent } = range
  const parts = [`index on ${index.field}`]
  if (low !== undefined) parts.push(`${low.isInclusive ? '>=' : '>'} ${names.print(low.value)}`)
  if (high !== undefined) parts.push(`${high.isInclusive ? '<=' : '<'} ${names.print(high.value)}`)
  if (pattern !== undefined) parts.push(`LIKE ${names.print(pattern.pattern)}`)
  if (isReverse) parts.push('from the largest')
  if (absent !== undefined) parts.push(`absent values ${absent}`)
  return parts.join(' ')
}
