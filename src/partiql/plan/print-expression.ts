import { printValue } from '../value/print-value.ts'
import type { PlanExpression } from './expression.ts'
import { inputsOf, type Operator } from './operator.ts'

/** Prints expressions of a plan for people, with slots under the names of their sources. */
export class SlotNames {
  readonly #names: Map<number, string> = new Map()

  /** Learns the names that an operator and those below it give to slots. */
  note(operator: Operator): void {
    for (const input of inputsOf(operator)) this.note(input)
    if ('slots' in operator) {
      const { row, apart, at, by, name } = operator.slots
      this.#names.set(row, name)
      for (const field of apart ?? []) this.#names.set(field.slot, `${name}.${field.name}`)
      if (at !== undefined) this.#names.set(at, `${name}.AT`)
      if (by !== undefined) this.#names.set(by, `${name}.BY`)
    }
    if (operator.kind === 'group') {
      for (const key of operator.keys) this.#names.set(key.slot, this.print(key.expression))
      for (const each of operator.aggregates) {
        this.#names.set(each.slot, `${each.name}(${each.argument === undefined ? '*' : this.print(each.argument)})`)
      }
    }
  }

  /** One line, close to PartiQL. */
  print(expression: PlanExpression): string {
    const print = (part: PlanExpression): string => this.print(part)
    const list = (parts: readonly PlanExpression[]): string => parts.map(print).join(', ')
    switch (expression.kind) {
      case 'constant':
        return typeof expression.value === 'string'
          ? `'${expression.value.replaceAll("'", "''")}'`
          : printValue(expression.value)
      case 'missing':
        return 'MISSING'
      case 'global':
        return expression.name
      case 'parameter':
        return `?${expression.index + 1}`
      case 'slot':
        return this.#names.get(expression.slot) ?? `#${expression.slot}`
      case 'field':
        return `${print(expression.base)}.${expression.name}`
      case 'element':
        return `${print(expression.base)}[${print(expression.index)}]`
      case 'implicit':
        return expression.name
      case 'wildcard':
        return `${print(expression.base)}${expression.over === 'elements' ? '[*]' : '.*'}`
      case 'graph-match':
        return `${print(expression.graph)} MATCH (${expression.pattern.variables.map(({ name }) => name).join(', ')})`
      case 'unary':
        return `${expression.operator === 'not' ? 'NOT ' : expression.operator}${print(expression.operand)}`
      case 'binary':
        return `${print(expression.left)} ${expression.operator} ${print(expression.right)}`
      case 'logical':
        return `(${expression.operands.map(print).join(` ${expression.operator.toUpperCase()} `)})`
      case 'between':
        return `${print(expression.operand)}${not(expression.negated)} BETWEEN ${print(expression.low)} AND ${print(expression.high)}`
      case 'like':
        return `${print(expression.operand)}${not(expression.negated)} LIKE ${print(expression.pattern)}`
      case 'in':
        return `${print(expression.operand)}${not(expression.negated)} IN ${print(expression.collection)}`
      case 'is-type':
        return `${print(expression.operand)} IS${not(expression.negated)} ${expression.type.name.toUpperCase()}`
      case 'is-truth':
        return `${print(expression.operand)} IS${not(expression.negated)} ${expression.truth.toUpperCase()}`
      case 'case':
        return 'CASE … END'
      case 'cast':
        return `${expression.mode.toUpperCase()}(${print(expression.operand)} AS ${expression.type.name.toUpperCase()})`
      case 'call':
        return `${expression.name.toUpperCase()}(${list(expression.args)})`
      case 'struct':
        return `{${expression.fields.map(({ name, value }) => `${print(name)}: ${print(value)}`).join(', ')}}`
      case 'list':
        return `[${list(expression.items)}]`
      case 'bag':
        return `<<${list(expression.items)}>>`
      case 'sexp':
        return `SEXP(${list(expression.items)})`
      case 'tuple':
        return expression.items
          .map((item) => (item.kind === 'spread' ? `${print(item.value)}.*` : `${print(item.value)} AS ${item.name}`))
          .join(', ')
      case 'subquery':
        return '(SELECT …)'
    }
  }
}

function not(negated: boolean): string {
  return negated ? ' NOT' : ''
}
