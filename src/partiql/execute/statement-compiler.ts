import { StatementError } from '../../errors.ts'
import type { Dialect } from '../plan/dialect.ts'
import type { PlanExpression } from '../plan/expression.ts'
import type { Operator } from '../plan/operator.ts'
import type { QueryPlan } from '../plan/query.ts'
import { StatementText } from '../plan/statement-text.ts'
import { isAbsent } from '../value/family.ts'
import type { Compiler, Evaluate, OpenRows, OpenValues, Test } from './compiler.ts'
import { compileExclude } from './exclude.ts'
import { compileExpression } from './expression.ts'
import { compileFilter } from './filter.ts'
import { compileGroup } from './group.ts'
import { compileHistoryScan } from './history-scan.ts'
import { compileIndexRange } from './index-range.ts'
import { compileHashJoin, compileNestedLoop } from './join.ts'
import { compileLet } from './let.ts'
import { compileOnce } from './once.ts'
import { compilePastScan } from './past-scan.ts'
import { compileQuery } from './query.ts'
import { compileSort } from './sort.ts'
import { compileDocumentLookup, compileIndexSeek, compileTableScan } from './table-source.ts'
import { typeName } from './type-name.ts'
import { compileUnnest } from './unnest.ts'
import { compileUserTablesScan } from './user-tables-scan.ts'
import { compileWindow } from './window.ts'

/** Turns the parts of one statement's plan into closures. */
export class StatementCompiler implements Compiler {
  readonly dialect: Dialect
  readonly text: StatementText

  constructor(dialect: Dialect, text: string) {
    this.dialect = dialect
    this.text = new StatementText(text)
  }

  permissive(): Compiler {
    return new StatementCompiler({ ...this.dialect, typing: 'permissive' }, this.text.text)
  }

  expression(expression: PlanExpression): Evaluate {
    return compileExpression(expression, this)
  }

  condition(expression: PlanExpression): Test {
    const evaluate = this.expression(expression)
    if (this.dialect.typing === 'permissive') return (frame) => evaluate(frame) === true
    return (frame) => {
      const value = evaluate(frame)
      if (typeof value === 'boolean' || isAbsent(value)) return value === true
      throw new StatementError('TYPE_ERROR', `A condition must be true or false, found ${typeName(value)}.`)
    }
  }

  conditions(expressions: readonly PlanExpression[]): Test {
    const [first, second, ...others] = expressions.map((expression) => this.condition(expression))
    if (first === undefined) return () => true
    if (second === undefined) return first
    if (others.length === 0) return (frame) => first(frame) && second(frame)
    return (frame) => {
      if (!first(frame) || !second(frame)) return false
      for (const other of others) if (!other(frame)) return false
      return true
    }
  }

  rows(operator: Operator): OpenRows {
    switch (operator.kind) {
      case 'once':
        return compileOnce()
      case 'table-scan':
        return compileTableScan(operator, this)
      case 'document-lookup':
        return compileDocumentLookup(operator, this)
      case 'index-seek':
        return compileIndexSeek(operator, this)
      case 'index-range':
        return compileIndexRange(operator, this)
      case 'history-scan':
        return compileHistoryScan(operator, this)
      case 'user-tables-scan':
        return compileUserTablesScan(operator)
      case 'past-scan':
        return compilePastScan(operator, this)
      case 'unnest':
        return compileUnnest(operator, this)
      case 'filter':
        return compileFilter(operator, this)
      case 'let':
        return compileLet(operator, this)
      case 'nested-loop':
        return compileNestedLoop(operator, this)
      case 'hash-join':
        return compileHashJoin(operator, this)
      case 'group':
        return compileGroup(operator, this)
      case 'window':
        return compileWindow(operator, this)
      case 'exclude':
        return compileExclude(operator, this)
      case 'sort':
        return compileSort(operator, this)
    }
  }

  values(query: QueryPlan): OpenValues {
    return compileQuery(query, this)
  }
}
