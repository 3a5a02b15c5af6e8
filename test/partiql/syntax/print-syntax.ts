/** Prints syntax nodes in a short prefix form, so that a test can say in a line what a statement means. */

import { printText } from '../../../src/ion/index.ts'
import type * as syntax from '../../../src/partiql/syntax/index.ts'

const name = ({ name: text, quoted }: { name: string; quoted: boolean }): string => (quoted ? `"${text}"` : text)

const list = (head: string, ...parts: (string | undefined)[]): string =>
  `(${[head, ...parts.filter((part) => part !== undefined)].join(' ')})`

const print = (node: syntax.Expression | undefined): string | undefined => node && printExpression(node)

function printExpression(node: syntax.Expression): string {
  switch (node.kind) {
    case 'literal':
      return node.isIon ? `\`${printText(node.value)}\`` : printText(node.value)
    case 'missing':
      return 'missing'
    case 'datetime': {
      const zone = node.withTimeZone === undefined ? undefined : node.withTimeZone ? 'zoned' : 'unzoned'
      return list(node.type, node.precision?.toString(), zone, node.text)
    }
    case 'interval':
      return list('interval', node.sign, node.text, printInterval(node.qualifier))
    case 'overlaps':
      return list('overlaps', print(node.left), print(node.right))
    case 'graph-match':
      return list('match', print(node.graph), node.pattern.kind)
    case 'parameter':
      return `?${node.index}`
    case 'variable':
      return `${node.atSign ? '@' : ''}${name(node)}`
    case 'path':
      return `${printExpression(node.root)}${node.steps.map(printStep).join('')}`
    case 'unary':
      return list(node.operator, printExpression(node.operand))
    case 'binary':
      return list(node.operator, printExpression(node.left), printExpression(node.right))
    case 'logical':
      return list(node.operator, ...node.operands.map(printExpression))
    case 'between':
      return list(negated('between', node), print(node.operand), print(node.low), print(node.high))
    case 'like':
      return list(negated('like', node), print(node.operand), print(node.pattern), print(node.escape))
    case 'in':
      return list(negated('in', node), print(node.operand), print(node.collection))
    case 'is-type':
      return list(negated('is', node), print(node.operand), printType(node.type))
    case 'is-truth':
      return list(negated('is', node), print(node.operand), node.truth)
    case 'case': {
      const branches = node.branches.map(({ when, then }) => list('when', print(when), print(then)))
      return list('case', print(node.operand), ...branches, node.otherwise && list('else', print(node.otherwise)))
    }
    case 'cast':
      return list(node.mode, print(node.operand), printType(node.type))
    case 'call':
      return list(
        `${name(node)}()`,
        node.quantifier,
        node.star ? '*' : undefined,
        ...node.args.map(printExpression),
        printOver(node),
      )
    case 'extract':
      return list('extract', node.part, print(node.operand))
    case 'trim':
      return list('trim', node.side, print(node.characters), print(node.operand))
    case 'date-add':
      return list('date-add', node.part, print(node.quantity), print(node.operand))
    case 'date-diff':
      return list('date-diff', node.part, print(node.from), print(node.to))
    case 'struct':
      return `{${node.fields.map((field) => `${print(field.name)}: ${print(field.value)}`).join(', ')}}`
    case 'list':
      return `[${node.items.map(printExpression).join(', ')}]`
    case 'bag':
      return `<<${node.items.map(printExpression).join(', ')}>>`
    case 'sexp':
      return list('sexp', ...node.items.map(printExpression))
    case 'subquery':
      return printQuery(node.query)
    default:
      return node satisfies never
  }
}

function negated(word: string, node: { readonly negated: boolean }): string {
  return node.negated ? `not-${word}` : word
}

function printOver({ over }: syntax.Call): string | undefined {
  return over && list('over', printWindow(over))
}

function printWindow({ name: base, partitionBy, orderBy, frame }: syntax.Window): string {
  const bound = ({ kind, ...rest }: syntax.FrameBound): string =>
    'distance' in rest ? list(kind, print(rest.distance)) : kind
  return list(
    'window',
    base && name(base),
    partitionBy.length === 0 ? undefined : list('partition', ...partitionBy.map(printExpression)),
    printOrder(orderBy),
    frame && list(frame.unit, bound(frame.start), frame.end && bound(frame.end), frame.exclude),
  )
}

function printInterval({ from, to, precision, fractionPrecision }: syntax.IntervalQualifier): string {
  const digits = [precision, fractionPrecision].map((count) => count ?? '_').join(',')
  return `${from}${to === undefined ? '' : `-${to}`}${digits === '_,_' ? '' : `(${digits})`}`
}

function printField({ name: field, isOptional, type, constraints, comment }: syntax.FieldDefinition): string {
  const printed = constraints.map((each) => {
    const condition = each.kind === 'check' ? print(each.condition) : undefined
    return list(each.kind, each.name && name(each.name), condition)
  })
  return list(
    'field',
    name(field),
    isOptional ? 'optional' : undefined,
    printType(type),
    ...printed,
    comment && `comment=${comment}`,
  )
}

function printType({ name: type, parameters, withTimeZone, interval, element, fields }: syntax.DataType): string {
  const zone = withTimeZone === undefined ? '' : withTimeZone ? ' zoned' : ' unzoned'
  const content = element === undefined ? fields?.map(printField).join(', ') : printType(element)
  const of = content === undefined ? '' : `<${content}>`
  const span = interval === undefined ? '' : ` ${printInterval(interval)}`
  return `${type}${parameters.length === 0 ? '' : `(${parameters.join(',')})`}${zone}${of}${span}`
}

function printStep(step: syntax.PathStep): string {
  switch (step.kind) {
    case 'field':
      return `.${name(step)}`
    case 'index':
      return `[${printExpression(step.index)}]`
    case 'all-elements':
      return '[*]'
    case 'all-fields':
      return '.*'
    default:
      return step satisfies never
  }
}

function printOrder(orderBy: syntax.OrderBy | undefined): string | undefined {
  const keys = orderBy?.keys.map((key) => list(key.direction, key.nulls, print(key.expression))) ?? []
  return orderBy && list('order', orderBy.preserve ? 'preserve' : undefined, ...keys)
}

function printNames(names: readonly syntax.Identifier[] | undefined): string | undefined {
  return names && `(${names.map(name).join(' ')})`
}

function printWith({ isRecursive, queries }: syntax.With): string {
  const printed = queries.map((each) => list(name(each.name), printNames(each.columns), printQuery(each.query)))
  return list(isRecursive ? 'with-recursive' : 'with', ...printed)
}

function printQuery({ with: clause, body, orderBy, limit, offset }: syntax.Query): string {
  const order = printOrder(orderBy)
  const parts = [
    clause && printWith(clause),
    order,
    limit && list('limit', print(limit)),
    offset && list('offset', print(offset)),
  ]
  return parts.every((part) => part === undefined) ? printBody(body) : list('query', printBody(body), ...parts)
}

function printBody(body: syntax.QueryBody): string {
  switch (body.kind) {
    case 'select':
      return printSelect(body)
    case 'table-operand':
      return list('table', print(body.table))
    case 'set-operation': {
      const operator = `${body.outer ? 'outer-' : ''}${body.operator}-${body.quantifier}`
      const { corresponding } = body
      const columns = corresponding && list('corresponding', printNames(corresponding.columns))
      return list(operator, columns, printBody(body.left), printBody(body.right))
    }
    default:
      return printExpression(body)
  }
}

function printSelect(select: syntax.Select): string {
  const { exclude, from, where, groupBy, having, windows } = select
  const keys = groupBy?.keys.map((key) => list('key', print(key.expression), key.alias?.name)) ?? []
  return list(
    select.quantifier === undefined ? 'select' : `select-${select.quantifier}`,
    printProjection(select.projection),
    exclude.length === 0
      ? undefined
      : list('exclude', ...exclude.map(({ root, steps }) => `${name(root)}${steps.map(printStep).join('')}`)),
    from && list('from', printSource(from)),
    ...select.lets.map((binding) => list('let', binding.name.name, print(binding.value))),
    where && list('where', print(where)),
    groupBy && list(`group-${groupBy.mode}`, ...keys, groupBy.groupAs?.name),
    having && list('having', print(having)),
    ...windows.map((each) => list('window', name(each.name), printWindow(each.window))),
  )
}

function printProjection(projection: syntax.Projection): string {
  switch (projection.kind) {
    case 'select-all':
      return '*'
    case 'select-value':
      return list('value', print(projection.value))
    case 'select-items': {
      const items = projection.items.map((item) => {
        if (item.kind === 'all-of') return `${print(item.source)}.*`
        const text = printExpression(item.expression)
        return item.alias === undefined ? text : `${text}=>${name(item.alias)}`
      })
      return `[${items.join(', ')}]`
    }
    case 'pivot':
      return list('pivot', print(projection.value), print(projection.name))
    default:
      return projection satisfies never
  }
}

function printSource(source: syntax.FromSource): string {
  if (source.kind === 'join') {
    return list(`${source.join}-join`, printSource(source.left), printSource(source.right), print(source.on))
  }
  const { alias, at, by } = source
  const asOf = source.kind === 'scan' ? source.asOf : undefined
  const binds = [
    asOf && `as-of ${print(asOf)}`,
    alias && `as ${name(alias)}`,
    at && `at ${name(at)}`,
    by && `by ${name(by)}`,
  ]
  return list(source.kind, print(source.source), ...binds)
}

function printTarget({ root, steps }: syntax.Target): string {
  return `${name(root)}${steps.map(printStep).join('')}`
}

function printOperation(operation: syntax.Operation): string {
  switch (operation.kind) {
    case 'set': {
      const assignments = operation.assignments.map(({ target, value }) => `${printTarget(target)}=${print(value)}`)
      return list('set', ...assignments)
    }
    case 'insert-into-path':
      return list('insert-into', printTarget(operation.target), print(operation.value), print(operation.at))
    case 'remove':
      return list('remove', printTarget(operation.target))
    default:
      return operation satisfies never
  }
}

function printElement(element: syntax.TableElement): string {
  if (element.kind === 'field-definition') return printField(element)
  const constraint = element.name && name(element.name)
  return list(
    element.kind,
    constraint,
    element.kind === 'table-check' ? print(element.condition) : printNames(element.fields),
  )
}

function printConflict({ target, where, action }: syntax.OnConflict): string {
  const printedTarget = target?.kind === 'conflict-fields' ? printNames(target.fields) : target && name(target.name)
  return list('conflict', printedTarget, where && list('where', print(where)), printAction(action))
}

function printAction(action: syntax.ConflictAction): string {
  if (action.kind === 'do-nothing') return action.kind
  const { change, where } = action
  const printed =
    change.kind === 'set'
      ? printOperation(change)
      : change.kind === 'excluded'
        ? change.kind
        : list('value', print(change.value))
  return list(action.kind, printed, where && list('where', print(where)))
}

function printReturning(returning: syntax.Returning | undefined): string | undefined {
  const items = returning?.items.map((item) => list(item.rows, item.version, print(item.expression) ?? '*')) ?? []
  return returning && list('returning', ...items)
}

export function printStatement(statement: syntax.Statement): string {
  switch (statement.kind) {
    case 'query-statement':
      return printQuery(statement.query)
    case 'insert': {
      const { mode, table, alias, columns, source, onConflict, returning } = statement
      const value = source.kind === 'insert-value' ? list('value', print(source.value)) : undefined
      const query = source.kind === 'insert-query' ? printQuery(source.query) : undefined
      const columnList = columns && `(${columns.map(name).join(' ')})`
      return list(
        mode,
        name(table),
        alias && `as ${name(alias)}`,
        columnList,
        value ?? query ?? 'default-values',
        onConflict && printConflict(onConflict),
        printReturning(returning),
      )
    }
    case 'insert-into-path-statement':
      return [printOperation(statement.operation), printReturning(statement.returning)].filter(Boolean).join(' ')
    case 'update': {
      const { from, operations, where, returning } = statement
      const condition = where && list('where', print(where))
      return list('update', printSource(from), ...operations.map(printOperation), condition, printReturning(returning))
    }
    case 'delete':
      return list(
        'delete',
        printSource(statement.from),
        statement.where && list('where', print(statement.where)),
        printReturning(statement.returning),
      )
    case 'from-dml': {
      const { from, operations, where, returning } = statement
      const condition = where && list('where', print(where))
      return list('from', printSource(from), condition, ...operations.map(printOperation), printReturning(returning))
    }
    case 'create-table': {
      const options = statement.options.map((option) => `${name(option.name)}=${print(option.value)}`)
      const { elements, partitionBy, properties } = statement
      return list(
        'create-table',
        name(statement.table),
        ...elements.map(printElement),
        ...options,
        partitionBy.length === 0 ? undefined : list('partition', printNames(partitionBy)),
        ...properties.map(({ key, value }) => `${key}=${value}`),
      )
    }
    case 'drop-table':
      return list('drop-table', name(statement.table))
    case 'undrop-table':
      return list('undrop-table', name(statement.tableId))
    case 'create-index':
      return list(
        statement.isUnique ? 'create-unique-index' : 'create-index',
        name(statement.table),
        ...statement.paths.map(printTarget),
      )
    case 'drop-index': {
      const purge = statement.purge === undefined ? undefined : `purge=${statement.purge}`
      return list('drop-index', name(statement.indexId), name(statement.table), purge)
    }
    case 'exec':
      return list('exec', name(statement.procedure), ...statement.args.map(printExpression))
    case 'explain':
      return list(
        statement.analyze ? 'explain-analyze' : 'explain',
        ...statement.options.map((option) => list('option', name(option.name), option.value && name(option.value))),
        printStatement(statement.statement),
      )
    default:
      return statement satisfies never
  }
}
