import type * as syntax from '../syntax/nodes.ts'
import { type Accepted, FUNCTIONS } from './functions.ts'
import type { StatementText } from './statement-text.ts'
import { describeType, isNumber, mayBe, type StaticType, staticType } from './static-type.ts'

/** The nodes that say something about the types of their parts. */
type Checked = syntax.Expression | syntax.DataType | syntax.Query | syntax.Select | syntax.Join

/** An operand and what it must be; `where` says who asks. */
type Requirement = readonly [operand: syntax.Expression | undefined, accepted: Accepted, where: string]

/**
 * Checks the operands and arguments of one node, as far as their types are known.
 *
 * @throws {StatementError} TYPE_ERROR at the operand
 */
export function checkOperands(node: Checked, text: StatementText): void {
  for (const [operand, accepted, where] of requirementsOf(node)) {
    if (operand === undefined) continue
    const type = staticType(operand)
    if (!mayBe(type, accepted)) throw wrongType(operand, type, `${where} takes ${describeType(accepted)}`, text)
  }
  switch (node.kind) {
    case 'binary':
      checkBinary(node, text)
      break
    case 'between':
      for (const bound of [node.low, node.high]) {
        checkComparison('BETWEEN', staticType(node.operand), staticType(bound), bound.location, text)
      }
      break
    case 'type':
      checkType(node, text)
      break
    default:
      break
  }
}

function requirementsOf(node: Checked): Requirement[] {
  switch (node.kind) {
    case 'call': {
      const known = node.quoted ? undefined : FUNCTIONS.get(node.name)
      if (known === undefined) return []
      return node.args.map((argument, position) => [
        argument,
        known.arguments[position] ?? known.arguments.at(-1) ?? 'any',
        placed(node.name, position, node.args.length),
      ])
    }
    case 'extract':
      return [[node.operand, 'date, time or interval', 'EXTRACT']]
    case 'trim':
      return [
        [node.characters, 'text', 'TRIM'],
        [node.operand, 'text', 'TRIM'],
      ]
    case 'date-add':
      return [
        [node.quantity, 'integer', 'DATE_ADD as its second argument'],
        [node.operand, 'date or time', 'DATE_ADD as its third argument'],
      ]
    case 'date-diff':
      return [
        [node.from, 'date or time', 'DATE_DIFF as its second argument'],
        [node.to, 'date or time', 'DATE_DIFF as its third argument'],
      ]
    case 'like':
      return [
        [node.operand, 'text', 'LIKE'],
        [node.pattern, 'text', 'LIKE'],
        [node.escape, 'text', 'ESCAPE'],
      ]
    case 'logical':
      return node.operands.map((operand) => [operand, 'bool', node.operator.toUpperCase()])
    case 'select':
      return [
        [node.where, 'bool', 'WHERE'],
        [node.having, 'bool', 'HAVING'],
      ]
    case 'join':
      return [[node.on, 'bool', 'ON']]
    case 'case':
      return node.operand === undefined ? node.branches.map(({ when }) => [when, 'bool', 'WHEN']) : []
    case 'in':
      return [[node.collection, 'collection', 'IN']]
    case 'unary':
      return node.operator === 'not'
        ? [[node.operand, 'bool', 'NOT']]
        : [[node.operand, 'number or interval', `Unary ${node.operator}`]]
    case 'binary': {
      const { left, right, operator } = node
      if (operator !== '||' && operator !== '%') return []
      const accepted = operator === '||' ? 'text' : 'number'
      return [
        [left, accepted, operator],
        [right, accepted, operator],
      ]
    }
    case 'query':
      return [
        [node.limit, 'integer', 'LIMIT'],
        [node.offset, 'integer', 'OFFSET'],
      ]
    default:
      return []
  }
}

function placed(name: string, position: number, count: number): string {
  const places = ['first', 'second', 'third', 'fourth']
  const upper = name.toUpperCase()
  return count === 1 ? upper : `${upper} as its ${places[position] ?? 'last'} argument`
}

function checkBinary({ operator, left, right, location }: syntax.Binary, text: StatementText): void {
  const [leftType, rightType] = [staticType(left), staticType(right)]
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
      for (const [operand, type] of [
        [left, leftType],
        [right, rightType],
      ] as const) {
        if (mayBe(type, 'number or interval')) continue
        if ((operator === '+' || operator === '-') && mayBe(type, 'date or time')) continue
        throw wrongType(operand, type, `${operator} calculates with numbers, dates and intervals`, text)
      }
      break
    case '<':
    case '<=':
    case '>':
    case '>=':
      checkComparison(operator, leftType, rightType, location, text)
      break
    default:
      break
  }
}

function checkComparison(
  operator: string,
  left: StaticType,
  right: StaticType,
  location: syntax.Location,
  text: StatementText,
): void {
  const [one, other] = [family(left), family(right)]
  if (one === undefined || other === undefined || one === other) return
  throw text.error(
    'TYPE_ERROR',
    `${operator} compares values of one kind, and this is ${describeType(left)} with ${describeType(right)}.`,
    location,
  )
}

/** Values of one family can be ordered; undefined when nothing is known. */
function family(type: StaticType): string | undefined {
  if (type === 'unknown' || type === 'absent') return undefined
  if (isNumber(type)) return 'number'
  return type === 'date' || type === 'timestamp' ? 'date' : type
}

function checkType(type: syntax.DataType, text: StatementText): void {
  const [precision, scale = 0] = type.parameters
  if (precision === undefined) return
  const name = type.name.toUpperCase()
  if (type.name === 'decimal' || type.name === 'numeric') {
    if (precision < 1 || precision > 38) {
      throw text.error('TYPE_ERROR', `${name} has a precision from 1 to 38, not ${precision}.`, type.location)
    }
    if (scale > precision) {
      throw text.error(
        'TYPE_ERROR',
        `${name}(${precision}, ${scale}) has more digits behind the point than it has digits.`,
        type.location,
      )
    }
  } else if ((type.name === 'char' || type.name === 'varchar') && precision < 1) {
    throw text.error('TYPE_ERROR', `${name} needs a length of at least 1.`, type.location)
  }
}

function wrongType(node: syntax.Expression, type: StaticType, expected: string, text: StatementText): Error {
  const { offset, length } = node.location
  const written = text.text.slice(offset, offset + length)
  const shown = written.length <= 40 ? written : `${written.slice(0, 40)}…`
  return text.error('TYPE_ERROR', `${expected}, and ${shown} is ${describeType(type)}.`, node.location)
}
