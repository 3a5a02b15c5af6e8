import type * as syntax from '../syntax/nodes.ts'
import { checkOperands } from './analyze-operands.ts'
import { StatementText } from './statement-text.ts'

/**
 * Looks for what is certainly wrong in a statement whose names are known to be right: constants of the wrong type,
 * select items that are no columns. Permissive evaluation makes MISSING of some of
 * it, which is seldom what was meant, so this is for those who ask.
 *
 * Cost: one walk over the nodes.
 *
 * @throws {StatementError} TYPE_ERROR or EVALUATION_ERROR at the first such place
 */
export function analyzeStatement(statement: syntax.Statement, text: string): void {
  walk(statement, new StatementText(text))
}

function walk(node: object, text: StatementText): void {
  if (isNode(node)) {
    // Ion values are no nodes.
    if (node.kind === 'literal') return
    if (node.kind === 'select') checkProjection((node as syntax.Select).projection, text)
    checkOperands(node as syntax.Expression, text)
  }
  for (const [name, member] of Object.entries(node)) {
    if (typeof member === 'object' && member !== null && name !== 'location') walk(member, text)
  }
}

function isNode(value: object): value is { readonly kind: string } {
  return 'kind' in value && typeof value.kind === 'string'
}

/** A select item is a column: a path with a wildcard makes many values, and `.*` goes behind names only. */
function checkProjection(projection: syntax.Projection, text: StatementText): void {
  if (projection.kind !== 'select-items') return
  for (const item of projection.items) {
    const path = item.kind === 'all-of' ? item.source : item.expression
    if (path.kind !== 'path') continue
    const step = path.steps.find(
      ({ kind }) => kind === 'all-elements' || kind === 'all-fields' || (kind === 'index' && item.kind === 'all-of'),
    )
    if (step === undefined) continue
    throw text.error(
      'EVALUATION_ERROR',
      step.kind === 'index'
        ? 'In a select list .* stands behind a name: give the element a name in FROM or LET first.'
        : 'A select item is one value, and a path with a wildcard makes many. Use SELECT VALUE, or range over it in FROM.',
      step.location,
    )
  }
}
