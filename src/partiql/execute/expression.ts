import { StatementError } from '../../errors.ts'
import { type IonNull, NULL } from '../../ion/index.ts'
import type * as plan from '../plan/expression.ts'
import { slotsOf } from '../plan/expression.ts'
import type { StatementText } from '../plan/statement-text.ts'
import type { Location } from '../syntax/nodes.ts'
import { absentOf, compareOrdered, equals } from '../value/compare.ts'
import { type EngineValue, MISSING, type Missing } from '../value/engine-value.ts'
import { bare, isAbsent, itemsOf, textOf } from '../value/family.ts'
import { comparisonKey } from '../value/hash-key.ts'
import { compileArithmetic, compileSign } from './arithmetic-expression.ts'
import { compileCast } from './cast.ts'
import type { Compiler, Evaluate } from './compiler.ts'
import { compileCollection, compileStruct, compileTuple } from './constructor.ts'
import type { Frame } from './frame.ts'
import { compileCall } from './functions.ts'
import { compileGraphMatch } from './graph-match.ts'
import { compileLike, type TextMatcher } from './like.ts'
import { joinTexts } from './long-text.ts'
import { compileOverlaps } from './overlaps.ts'
import { compileElement, compileField, compileImplicitField, compileWildcard } from './path.ts'
import { compileSubquery } from './subquery.ts'
import { type TypeMismatch, typeMismatch } from './type-mismatch.ts'
import { isOfType } from './type-test.ts'

/**
 * Turns an expression into a closure. What is known now is decided now: a comparison with a constant or between
 * numbers takes no detour at run time.
 */
export function compileExpression(expression: plan.PlanExpression, compiler: Compiler): Evaluate {
  const evaluate = compileNode(expression, compiler)
  const place = failsWithoutPlace(expression) ? expression.place : undefined
  return place === undefined ? evaluate : locateErrors(evaluate, place, compiler.text)
}

/** Operators say themselves where they failed, so that nothing stands between them and their operands. */
function failsWithoutPlace(
  expression: plan.PlanExpression,
): expression is Extract<plan.PlanExpression, { readonly place?: Location | undefined }> {
  if (!('place' in expression)) return false
  const { kind } = expression
  return kind !== 'binary' && kind !== 'unary' && kind !== 'logical' && kind !== 'between' && kind !== 'in'
}

/** Says where in the statement an evaluation failed. */
function locateErrors(evaluate: Evaluate, place: Location, text: StatementText): Evaluate {
  return (frame) => {
    try {
      return evaluate(frame)
    } catch (error) {
      if (!(error instanceof StatementError) || error.location !== undefined) throw error
      const { code, message, expected, cause } = error
      throw text.error(code, message, place, expected, cause)
    }
  }
}

function compileNode(expression: plan.PlanExpression, compiler: Compiler): Evaluate {
  switch (expression.kind) {
    case 'constant': {
      const { value } = expression
      return () => value
    }
    case 'missing':
      return () => MISSING
    case 'global': {
      const { value } = expression
      return () => value
    }
    case 'parameter': {
      const { index } = expression
      return (frame) => frame.parameters[index]!
    }
    case 'slot': {
      const { slot } = expression
      return (frame) => frame.slots[slot]!
    }
    case 'field':
      return compileField(expression, compiler)
    case 'element':
      return compileElement(expression, compiler)
    case 'implicit':
      return compileImplicitField(expression, compiler)
    case 'wildcard':
      return compileWildcard(expression, compiler)
    case 'unary':
      return compileUnary(expression, compiler)
    case 'binary':
      return compileBinary(expression, compiler)
    case 'logical':
      return expression.operator === 'and' ? compileAnd(expression, compiler) : compileOr(expression, compiler)
    case 'between':
      return compileBetween(expression, compiler)
    case 'like':
      return compileLikeTest(expression, compiler)
    case 'in':
      return compileIn(expression, compiler)
    case 'is-type': {
      const operand = compiler.expression(expression.operand)
      const { type, negated } = expression
      if (type.name === 'null') return (frame) => isAbsent(operand(frame)) !== negated
      if (type.name === 'missing') return (frame) => (operand(frame) === MISSING) !== negated
      return (frame) => isOfType(operand(frame), type) !== negated
    }
    case 'is-truth': {
      const operand = compiler.expression(expression.operand)
      const { truth, negated } = expression
      return (frame) => {
        const value = operand(frame)
        const holds = truth === 'unknown' ? isAbsent(value) : bare(value) === (truth === 'true')
        return holds !== negated
      }
    }
    case 'case':
      return compileCase(expression, compiler)
    case 'cast':
      return compileCast(expression, compiler)
    case 'call':
      return compileCall(expression, compiler)
    case 'struct':
      return compileStruct(expression, compiler)
    case 'list':
    case 'bag':
    case 'sexp':
      return compileCollection(expression, compiler)
    case 'tuple':
      return compileTuple(expression, compiler)
    case 'subquery':
      return compileSubquery(expression, compiler)
    case 'graph-match':
      return compileGraphMatch(expression, compiler)
  }
}

function compileUnary(unary: plan.Negation, compiler: Compiler): Evaluate {
  if (unary.operator !== 'not') return compileSign(unary, compiler)
  const operand = compiler.expression(unary.operand)
  const mismatch = typeMismatch(compiler, 'NOT needs a boolean.', unary.place)
  return (frame) => {
    const value = bare(operand(frame))
    if (typeof value === 'boolean') return !value
    return isAbsent(value) ? NULL : mismatch()
  }
}

function compileBinary(binary: plan.Operation, compiler: Compiler): Evaluate {
  const { operator } = binary
  switch (operator) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return compileArithmetic(operator, binary, compiler)
    case '||':
      return compileConcatenation(binary, compiler)
    case 'overlaps':
      return compileOverlaps(binary, compiler)
    default:
      return compileComparison(operator, binary, compiler)
  }
}

function compileComparison(
  operator: '=' | '<>' | '<' | '<=' | '>' | '>=',
  binary: plan.Operation,
  compiler: Compiler,
): Evaluate {
  const left = compiler.expression(binary.left)
  const right = compiler.expression(binary.right)
  const mismatch = typeMismatch(compiler, `${operator} needs two values of one kind.`, binary.place)
  switch (operator) {
    case '=':
      return compileEquals(binary, left, right)
    case '<>':
      return (frame) => {
        const result = equals(left(frame), right(frame))
        return typeof result === 'boolean' ? !result : result
      }
    case '<':
      return (frame) => {
        const a = left(frame)
        const b = right(frame)
        if (typeof a === 'number' && typeof b === 'number') return a < b
        const order = compareOrdered(a, b)
        return typeof order === 'number' ? order < 0 : (order ?? mismatch())
      }
    case '<=':
      return (frame) => {
        const a = left(frame)
        const b = right(frame)
        if (typeof a === 'number' && typeof b === 'number') return a <= b
        const order = compareOrdered(a, b)
        return typeof order === 'number' ? order <= 0 : (order ?? mismatch())
      }
    case '>':
      return (frame) => {
        const a = left(frame)
        const b = right(frame)
        if (typeof a === 'number' && typeof b === 'number') return a > b
        const order = compareOrdered(a, b)
        return typeof order === 'number' ? order > 0 : (order ?? mismatch())
      }
    case '>=':
      return (frame) => {
        const a = left(frame)
        const b = right(frame)
        if (typeof a === 'number' && typeof b === 'number') return a >= b
        const order = compareOrdered(a, b)
        return typeof order === 'number' ? order >= 0 : (order ?? mismatch())
      }
  }
}

/** With a text constant, the usual case, a text on the other side is compared at once. */
function compileEquals(binary: plan.Operation, left: Evaluate, right: Evaluate): Evaluate {
  for (const [side, other] of [
    [binary.right, left],
    [binary.left, right],
  ] as const) {
    if (side.kind === 'constant' && typeof side.value !== 'object') {
      const { value } = side
      return (frame) => {
        const compared = other(frame)
        return typeof compared === 'object' ? equals(compared, value) : compared === value
      }
    }
  }
  return (frame) => equals(left(frame), right(frame))
}

/** `a || b` of texts. */
function compileConcatenation(binary: plan.Operation, compiler: Compiler): Evaluate {
  const left = compiler.expression(binary.left)
  const right = compiler.expression(binary.right)
  const mismatch = typeMismatch(compiler, '|| joins two texts.', binary.place)
  return (frame) => {
    const a = left(frame)
    const b = right(frame)
    if (typeof a === 'string' && typeof b === 'string') return joinTexts(a, b)
    const one = textOf(a)
    const other = textOf(b)
    if (one !== undefined && other !== undefined) return joinTexts(one, other)
    if ((one === undefined && !isAbsent(a)) || (other === undefined && !isAbsent(b))) mismatch()
    if (a === MISSING || b === MISSING) return MISSING
    return isAbsent(a) || isAbsent(b) ? NULL : MISSING
  }
}

/** FALSE if any operand is, else NULL if any is not TRUE (absent), MISSING if any is no boolean at all. */
function compileAnd(chain: plan.LogicalChain, compiler: Compiler): Evaluate {
  const operands = chain.operands.map((operand) => compiler.expression(operand))
  const mismatch = typeMismatch(compiler, 'AND joins booleans.', chain.place)
  return (frame) => {
    let result: EngineValue = true
    for (let index = 0; index < operands.length; index++) {
      const value = operands[index]!(frame)
      if (value === true) continue
      const truth = truthOf(value) ?? mismatch()
      if (truth === false) return false
      if (truth !== true) result = truth
    }
    return result
  }
}

function compileOr(chain: plan.LogicalChain, compiler: Compiler): Evaluate {
  const operands = chain.operands.map((operand) => compiler.expression(operand))
  const mismatch = typeMismatch(compiler, 'OR joins booleans.', chain.place)
  return (frame) => {
    let result: EngineValue = false
    for (let index = 0; index < operands.length; index++) {
      const value = operands[index]!(frame)
      if (value === false) continue
      const truth = truthOf(value) ?? mismatch()
      if (truth === true) return true
      if (truth !== false) result = truth
    }
    return result
  }
}

/** TRUE and FALSE as they are, NULL for what is absent, undefined for what is no boolean. */
function truthOf(value: EngineValue): EngineValue | undefined {
  const plain = bare(value)
  if (typeof plain === 'boolean') return plain
  return isAbsent(plain) ? NULL : undefined
}

function compileBetween(between: plan.Between, compiler: Compiler): Evaluate {
  const { negated } = between
  const { place } = between
  const both = compiler.expression({
    kind: 'logical',
    place,
    operator: 'and',
    operands: [
      { kind: 'binary', place, operator: '>=', left: between.operand, right: between.low },
      { kind: 'binary', place, operator: '<=', left: between.operand, right: between.high },
    ],
  })
  if (!negated) return both
  return (frame) => {
    const result = both(frame)
    return typeof result === 'boolean' ? !result : result
  }
}

function compileLikeTest(like: plan.Like, compiler: Compiler): Evaluate {
  const { negated } = like
  const operand = compiler.expression(like.operand)
  const pattern = compiler.expression(like.pattern)
  const escapeWith = like.escape && compiler.expression(like.escape)
  const mismatch = typeMismatch(compiler, 'LIKE compares texts.', like.place)
  // The pattern is nearly always the same from row to row.
  let lastPattern: string | undefined
  let lastEscape: string | undefined
  let matcher: TextMatcher | undefined
  return (frame) => {
    const values = [operand(frame), pattern(frame), ...(escapeWith === undefined ? [] : [escapeWith(frame)])]
    if (values.some((value) => !isAbsent(value) && textOf(value) === undefined)) mismatch()
    if (values.includes(MISSING)) return MISSING
    if (values.some(isAbsent)) return NULL
    const text = textOf(values[0]!)
    const wanted = textOf(values[1]!)
    const escaped = escapeWith === undefined ? undefined : textOf(values[2]!)
    if (text === undefined || wanted === undefined || (escapeWith !== undefined && escaped === undefined))
      return MISSING
    if (matcher === undefined || wanted !== lastPattern || escaped !== lastEscape) {
      matcher = compileLike(wanted, escaped)
      lastPattern = wanted
      lastEscape = escaped
    }
    return matcher(text) !== negated
  }
}

function compileIn(test: plan.In, compiler: Compiler): Evaluate {
  const { negated, collection } = test
  const operand = compiler.expression(test.operand)
  const mismatch = typeMismatch(compiler, 'IN looks into a list or a bag.', test.place)
  const items = compileItems(collection, compiler, mismatch)
  if (slotsOf(collection).size === 0) {
    // The same for every row: looked up by key instead of compared one by one.
    return (frame) => {
      let members = frame.memo.get(test) as Members | IonNull | Missing | undefined
      if (members === undefined) {
        const values = items(frame)
        members = Array.isArray(values) ? new Members(values) : (values as IonNull | Missing)
        frame.memo.set(test, members)
      }
      const value = operand(frame)
      return members instanceof Members ? negatedIf(negated, members.test(value)) : members
    }
  }
  return (frame) => {
    const value = operand(frame)
    const values = items(frame)
    return Array.isArray(values) ? negatedIf(negated, membership(value, values)) : (values as IonNull | Missing)
  }
}

/** The elements to look among; NULL or MISSING where there is no collection. */
function compileItems(
  collection: plan.PlanExpression,
  compiler: Compiler,
  mismatch: TypeMismatch,
): (frame: Frame) => readonly EngineValue[] | IonNull | Missing {
  if (collection.kind === 'list') {
    const items = collection.items.map((item) => compiler.expression(item))
    return (frame) => items.map((item) => item(frame))
  }
  const evaluate = compiler.expression(collection)
  return (frame) => {
    const value = evaluate(frame)
    if (isAbsent(value)) return value === MISSING ? MISSING : NULL
    return itemsOf(value) ?? mismatch()
  }
}

/** The elements of a collection, by key. */
class Members {
  readonly #keys: ReadonlySet<unknown>
  readonly #hasAbsent: boolean
  readonly #isEmpty: boolean

  constructor(values: readonly EngineValue[]) {
    const present = values.filter((value) => !isAbsent(value))
    this.#keys = new Set(present.map(comparisonKey))
    this.#hasAbsent = present.length < values.length
    this.#isEmpty = values.length === 0
  }

  /** See {@link membership}. */
  test(value: EngineValue): EngineValue {
    if (isAbsent(value)) return this.#isEmpty ? false : absentOf(value, true)
    if (this.#keys.has(comparisonKey(value))) return true
    return this.#hasAbsent ? NULL : false
  }
}

/** TRUE if any element equals, else NULL if any comparison was with something absent, else FALSE. */
function membership(value: EngineValue, elements: readonly EngineValue[]): EngineValue {
  if (isAbsent(value)) return elements.length === 0 ? false : absentOf(value, true)
  let result: EngineValue = false
  for (const element of elements) {
    if (isAbsent(element)) result = NULL
    else if (equals(value, element) === true) return true
  }
  return result
}

function negatedIf(negated: boolean, truth: EngineValue): EngineValue {
  return negated && typeof truth === 'boolean' ? !truth : truth
}

function compileCase(branching: plan.Case, compiler: Compiler): Evaluate {
  const operand = branching.operand && compiler.expression(branching.operand)
  const branches = branching.branches.map(({ when, result }) => ({
    when: compiler.expression(when),
    result: compiler.expression(result),
  }))
  const otherwise = branching.otherwise && compiler.expression(branching.otherwise)
  return (frame) => {
    const subject = operand?.(frame)
    for (const { when, result } of branches) {
      const value = when(frame)
      if (subject === undefined ? bare(value) === true : equals(subject, value) === true) return result(frame)
    }
    return otherwise === undefined ? NULL : otherwise(frame)
  }
}
