import type { Statement } from './nodes.ts'

/**
 * Whether some node has more than `limit` nodes above it; each step of a path counts as a node above what it starts from.
 * Walks with a list instead of recursion.
 */
export function isHigherThan(statement: Statement, limit: number): boolean {
  const waiting: { readonly node: object; readonly height: number }[] = [{ node: statement, height: 1 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, height } = next
    if (height > limit) return true
    const isNode = 'kind' in node
    const below = height + (isNode ? 1 : 0) + stepCount(node)
    for (const [name, member] of Object.entries(node)) {
      // Ion values are no nodes, and limit their own depth.
      if (typeof member !== 'object' || member === null || name === 'location') continue
      if (isNode && node.kind === 'literal') continue
      waiting.push({ node: member, height: below })
    }
  }
  return false
}

function stepCount(node: object): number {
  return 'kind' in node &&
    (node.kind === 'path' || node.kind === 'target') &&
    'steps' in node &&
    Array.isArray(node.steps)
    ? node.steps.length
    : 0
}
