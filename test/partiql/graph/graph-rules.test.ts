/** Rules of graph patterns by hand, on one small graph: 1 -10→ 2 -20→ (no value) ~~ 1. Expected by GPML's definitions. */

import { describe, expect, it } from 'vitest'
import { evaluate, Graph } from '../../../src/partiql/public.ts'

const g = new Graph({
  nodes: [
    { id: 'a', payload: 1, labels: ['A'] },
    { id: 'b', payload: 2 },
    { id: 'c', labels: ['A', 'B'] },
  ],
  edges: [
    { id: 'e', from: 'a', to: 'b', payload: 10 },
    { id: 'f', from: 'b', to: 'c', payload: 20, labels: ['L'] },
    { id: 'u', from: 'c', to: 'a', isDirected: false },
  ],
})
const env = { g, rows: [{ k: 1 }, { k: 2 }], walk: 5 }

function answer(statement: string, typing?: 'strict'): unknown {
  return evaluate(statement, { env, typing })
}

function sorted(rows: unknown): string[] {
  return (rows as unknown[]).map((row) => JSON.stringify(row)).sort()
}

describe('a pattern', () => {
  it.each([
    // Paths are joined over the variables they share, nodes and edges alike.
    ['(g MATCH (a)-[e]->(b), (b)-[f]->(c))', [{ a: 1, e: 10, b: 2, f: 20 }]],
    ['(g MATCH (a)-[e]->(b), (x)-[e]->(y) WHERE y = 2)', [{ a: 1, e: 10, b: 2, x: 1, y: 2 }]],
    // What a selector keeps does not depend on the other paths: 1 to 2 is kept, and joined.
    ['(g MATCH SHORTEST 1 (a)-[e]->{1,3}(b), (b)-[f:L]->(c))', [{ a: 1, e: [10], b: 2, f: 20 }]],
    // Nodes side by side are one node; edges side by side have a node between them.
    ['(g MATCH (a:A) (b) -> -> (c:B))', [{ a: 1, b: 1 }]],
    // Labels: ! before & before |; % is any label.
    ['(g MATCH (a:%))', [{ a: 1 }, {}]],
    ['(g MATCH (a:!A))', [{ a: 2 }]],
    ['(g MATCH (a:!%))', [{ a: 2 }]],
    ['(g MATCH (a:!A|A&!B))', [{ a: 1 }, { a: 2 }]],
    ['(g MATCH (a:!(A|B)))', [{ a: 2 }]],
    // What has no value gives no attribute; in a list it is NULL.
    ['(g MATCH ~[e WHERE e IS MISSING]~(a WHERE a = 1))', [{ a: 1 }]],
    ['(g MATCH p = (:!%)->())', [{ p: [2, 20, null] }]],
    // Variables of quantified parts are lists, in the order of the path.
    ['(g MATCH TRAIL [(a)-[e WHERE e > 5]->(b)]{2,}(c))', [{ a: [1, 2], e: [10, 20], b: [2, null] }]],
    ['(g MATCH TRAIL [(a)->(b)]+ (c WHERE CARDINALITY(b) > 1) WHERE a[0] = 1)', [{ a: [1, 2], b: [2, null] }]],
    ['(g MATCH (a WHERE a = 1)-[e]->*(b) WHERE b = 1)', 'UNSUPPORTED_STATEMENT'],
    ['(g MATCH ACYCLIC (a WHERE a = 1)-[e]->*(b) WHERE b = 1)', [{ a: 1, e: [], b: 1 }]],
    // The same name inside one round is the same element.
    [
      '(g MATCH [(a)~[e]~(b)~[e]~(a)]{1,1})',
      [
        { a: [null], e: [null], b: [1] },
        { a: [1], e: [null], b: [null] },
      ],
    ],
    // Words of patterns are names everywhere else.
    ['(g MATCH (walk)->(trail) WHERE trail = 2)', [{ walk: 1, trail: 2 }]],
    ['SELECT walk FROM rows WHERE EXISTS(g MATCH WALK (simple))', [{ walk: 5 }, { walk: 5 }]],
    // It stands in FROM, sees the sources before it, and may be named.
    ['SELECT a, b FROM g MATCH (a)-[e]->(b) WHERE e = 10', [{ a: 1, b: 2 }]],
    ['SELECT m.a FROM g MATCH (a)->(b) AS m WHERE m.a > 1', [{ a: 2 }]],
    ['SELECT r.k, a FROM rows AS r, g MATCH (a WHERE a = r.k)-[:L]->', [{ k: 2, a: 2 }]],
    [
      'SELECT r.k, COUNT(*) AS n FROM rows AS r, (g MATCH (x)->(y) WHERE x >= r.k) AS m GROUP BY r.k',
      [
        { k: 1, n: 2 },
        { k: 2, n: 1 },
      ],
    ],
    // NULL has no matches to tell of.
    ['(NULL MATCH (a))', null],
  ])('%s', (statement, expected) => {
    for (const typing of [undefined, 'strict'] as const) {
      if (typeof expected === 'string')
        expect(() => answer(statement, typing)).toThrow(expect.objectContaining({ code: expected }))
      else if (expected === null) expect(answer(statement, typing)).toBe(null)
      else expect(sorted(answer(statement, typing))).toEqual(sorted(expected))
    }
  })

  it('matches nothing else than a graph: MISSING, or an error in strict typing', () => {
    expect(answer('(5 MATCH (a))')).toBe(undefined)
    expect(() => answer('(5 MATCH (a))', 'strict')).toThrow(expect.objectContaining({ code: 'TYPE_ERROR' }))
  })

  it.each([
    ['(g MATCH (a)->*(b))', 'UNSUPPORTED_STATEMENT', 15],
    ['(g MATCH [TRAIL (a)->(b)]*)', 'UNSUPPORTED_STATEMENT', 26],
    ['(g MATCH WALK (a)->+(b))', 'UNSUPPORTED_STATEMENT', 20],
    ['(g MATCH TRAIL [(a)]*)', 'UNSUPPORTED_STATEMENT', 16],
    ['(g MATCH ANY [(a)->*(b)]{1,2})', 'UNSUPPORTED_STATEMENT', 14],
    ['(g MATCH ALL SHORTEST (a)-[e]->+(c WHERE CARDINALITY(e) > 1))', 'UNSUPPORTED_STATEMENT', 23],
    ['(g MATCH (a)-[a]->(b))', 'TYPE_ERROR', 15],
    ['(g MATCH p = (a)->(b), p = (b)->(c))', 'TYPE_ERROR', 24],
    ['(g MATCH (a)[(b)->(c)]{1,2}(b))', 'TYPE_ERROR', 29],
    ['(g MATCH (a)-[e]->{1,2}(b), (b)-[e]->(c))', 'TYPE_ERROR', 34],
    ['(g MATCH (a WHERE b = 1)->(b))', 'UNKNOWN_NAME', 19],
    ['(g MATCH ANY (a)->(b), (b)->(c WHERE c = a))', 'UNKNOWN_NAME', 38],
    ['(g MATCH (a)<~[e]~>(b))', 'SYNTAX_ERROR', 13],
    ['(g MATCH (a)->{2,1}(b))', 'SYNTAX_ERROR', 18],
    ['(g MATCH SHORTEST 0 (a)->(b))', 'SYNTAX_ERROR', 19],
    ['(g MATCH (a:))', 'SYNTAX_ERROR', 13],
    ['(g MATCH (a)-[b]>(c))', 'SYNTAX_ERROR', 17],
    ['(g MATCH (a WHERE SUM(a) > 1))', 'EVALUATION_ERROR', 19],
  ])('refuses %s with %s', (statement, code, column) => {
    const location: unknown = expect.objectContaining({ line: 1, column })
    expect(() => answer(statement)).toThrow(expect.objectContaining({ code, location }))
  })

  it('gives up instead of running for ever', () => {
    const nodes = Array.from({ length: 40 }, (_, index) => ({ id: `${index}` }))
    const edges = nodes.flatMap((from) => nodes.map((to) => ({ id: `${from.id}-${to.id}`, from: from.id, to: to.id })))
    const clique = new Graph({ nodes, edges })
    expect(() => evaluate('(g MATCH TRAIL (a)->*(b))', { env: { g: clique } })).toThrow(
      expect.objectContaining({ code: 'TOO_MANY_ROWS' }),
    )
    // Among the same paths, one for each pair of nodes.
    expect(
      evaluate('SELECT VALUE COUNT(*) FROM (g MATCH ANY SHORTEST (a)->+(b)) AS m', { env: { g: clique } }),
    ).toEqual([1600])
  })
})
