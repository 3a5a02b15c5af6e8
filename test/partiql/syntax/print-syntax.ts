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
      return list(`${name(node)}()`, node.quantifier, node.star ? '*' : undefined, ...node.args.map(printExpression))
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

function printType({ name: type, parameters, withTimeZone }: syntax.DataType): string {
  const zone = withTimeZone === undefined ? '' : withTimeZone ? ' zoned' : ' unzoned'
  return `${type}${parameters.length === 0 ? '' : `(${parameters.join(',')})`}${zone}`
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

function printQuery({ body, orderBy, limit, offset }: syntax.Query): string {
  const keys = orderBy?.keys.map((key) => list(key.direction, key.nulls, print(key.expression))) ?? []
  const order = orderBy && list('order', orderBy.preserve ? 'preserve' : undefined, ...keys)
  const parts = [order, limit && list('limit', print(limit)), offset && list('offset', print(offset))]
  return parts.every((part) => part === undefined) ? printBody(body) : list('query', printBody(body), ...parts)
}

function printBody(body: syntax.QueryBody): string {
  switch (body.kind) {
    case 'select':
      return printSelect(body)
    case 'set-operation': {
      const operator = `${body.outer ? 'outer-' : ''}${body.operator}-${body.quantifier}`
      return list(operator, printBody(body.left), printBody(body.right))
    }
    default:
      return printExpression(body)
  }
}

function printSelect(select: syntax.Select): string {
  const { from, where, groupBy, having } = select
  const keys = groupBy?.keys.map((key) => list('key', print(key.expression), key.alias?.name)) ?? []
  return list(
    select.quantifier === undefined ? 'select' : `select-${select.quantifier}`,
    printProjection(select.projection),
    from && list('from', printSource(from)),
    ...select.lets.map((binding) => list('let', binding.name.name, print(binding.value))),
    where && list('where', print(where)),
    groupBy && list(`group-${groupBy.mode}`, ...keys, groupBy.groupAs?.name),
    having && list('having', print(having)),
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
  const binds = [alias && `as ${name(alias)}`, at && `at ${name(at)}`, by && `by ${name(by)}`]
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

export function printStatement(statement: syntax.Statement): string {
  switch (statement.kind) {
    case 'query-statement':
      return printQuery(statement.query)
    case 'insert': {
      const { table, alias, columns, source } = statement
      const value = source.kind === 'insert-value' ? list('value', print(source.value)) : undefined
      const query = source.kind === 'insert-query' ? printQuery(source.query) : undefined
      const columnList = columns && `(${columns.map(name).join(' ')})`
      return list('insert', name(table), alias && `as ${name(alias)}`, columnList, value ?? query ?? 'default-values')
    }
    case 'insert-into-path-statement':
      return printOperation(statement.operation)
    case 'update': {
      const { from, operations, where } = statement
      return list('update', printSource(from), ...operations.map(printOperation), where && list('where', print(where)))
    }
    case 'delete':
      return list('delete', printSource(statement.from), statement.where && list('where', print(statement.where)))
    case 'from-dml': {
      const { from, operations, where } = statement
      return list('from', printSource(from), where && list('where', print(where)), ...operations.map(printOperation))
    }
    case 'create-table': {
      const options = statement.options.map((option) => `${name(option.name)}=${print(option.value)}`)
      return list('create-table', name(statement.table), ...options)
    }
    case 'drop-table':
      return list('drop-table', name(statement.table))
    case 'undrop-table':
      return list('undrop-table', name(statement.tableId))
    case 'create-index':
      return list('create-index', name(statement.table), ...statement.paths.map(printTarget))
    case 'drop-index': {
      const purge = statement.purge === undefined ? undefined : `purge=${statement.purge}`
      return list('drop-index', name(statement.indexId), name(statement.table), purge)
    }
    case 'exec':
      return list('exec', name(statement.procedure), ...statement.args.map(printExpression))
    case 'explain':
      return list(statement.analyze ? 'explain-analyze' : 'explain', printStatement(statement.statement))
    default:
      return statement satisfies never
  }
}
