/**
 * MATCH over graphs: against a slow enumerator of paths on small random graphs and patterns, then the rules that such
 * patterns do not reach, by hand. The values of nodes and edges are numbers that tell them apart.
 */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate, Graph } from '../../../src/partiql/public.ts'
import {
  type Arrow,
  enumerateMatches,
  keyOf,
  type Match,
  type Part,
  type PathPattern,
  printPath,
  type Quantifier,
  type Restrictor,
  type TestGraph,
  type Walk,
} from './path-enumerator.ts'

const ARROWS: readonly Arrow[] = ['->', '<-', '~', '~>', '<~', '<->', '-']

const someLabels = fc.subarray(['A', 'B'])

const someGraph: fc.Arbitrary<TestGraph> = fc.array(someLabels, { minLength: 1, maxLength: 4 }).chain((nodeLabels) => {
  const node = fc.nat(nodeLabels.length - 1)
  const edge = fc.record({ from: node, to: node, isDirected: fc.boolean(), labels: someLabels })
  return fc.record({ nodeLabels: fc.constant(nodeLabels), edges: fc.array(edge, { maxLength: 4 }) })
})

function graphOf({ nodeLabels, edges }: TestGraph): Graph {
  return new Graph({
    nodes: nodeLabels.map((labels, node) => ({ id: `${node}`, labels, payload: node })),
    edges: edges.map(({ from, to, isDirected, labels }, edge) => ({
      ...{ id: `${edge}`, labels, payload: 100 + edge },
      ...{ from: `${from}`, to: `${to}`, isDirected },
    })),
  })
}

/** What a pattern may hold. */
interface Kinds {
  readonly quantifiers: readonly Quantifier[]
  readonly restrictors: readonly (Restrictor | undefined)[]
}

/** Patterns that obey the rules: variables of their own, or a node's again in the same round. */
function somePattern({ quantifiers, restrictors }: Kinds): fc.Arbitrary<PathPattern> {
  return fc.gen().map((value) => {
    let names = 0
    const newName = (letter: string): string => `${letter}${names++}`
    const isOne = (of: number): boolean => value(() => fc.nat(of - 1)) === 0
    const oneOf = <Value>(values: readonly Value[]): Value => values[value(() => fc.nat(values.length - 1))]!
    const element = (letter: string, known: readonly string[]) => {
      const variable = isOne(3) ? undefined : known.length > 0 && isOne(4) ? oneOf(known) : newName(letter)
      const label = isOne(5) ? oneOf(['A', 'B']) : undefined
      return {
        variable,
        label,
        least: variable !== undefined && isOne(6) ? value(() => fc.integer({ min: -1, max: 102 })) : undefined,
      }
    }
    const path = (depth: number, known: string[], restrictor: Restrictor | undefined): PathPattern => {
      const variable = isOne(4) ? newName('p') : undefined
      const count = 1 + value(() => fc.nat(depth === 0 ? 2 : 4))
      return { restrictor, variable, parts: Array.from({ length: count }, () => part(depth, known)) }
    }
    const part = (depth: number, known: string[]): Part => {
      const choice = value(() => fc.nat(depth === 0 ? 6 : 7))
      if (choice < 3) {
        const node = { kind: 'node', ...element('n', known) } as const
        if (node.variable !== undefined) known.push(node.variable)
        return node
      }
      const quantifier = isOne(3) ? oneOf(quantifiers) : undefined
      if (choice < 7) return { kind: 'edge', arrow: oneOf(ARROWS), quantifier, ...element('e', []) }
      const inner = path(depth - 1, quantifier === undefined ? known : [], isOne(4) ? oneOf(restrictors) : undefined)
      const isLong = inner.parts.some((each) => each.kind === 'edge' && (each.quantifier?.min ?? 1) > 0)
      return { kind: 'path', path: inner, quantifier: isLong ? quantifier : undefined }
    }
    return path(1, [], oneOf(restrictors))
  })
}

function matchesOf(graph: TestGraph, pattern: string): Match[] {
  return evaluate(`(g MATCH ${pattern})`, { env: { g: graphOf(graph) } }) as Match[]
}

const sortedKeys = (matches: readonly Match[]): string[] => matches.map(keyOf).sort()

describe('MATCH agrees with the enumerator of paths', () => {
  const bounded: readonly Quantifier[] = [
    { min: 0, max: 1 },
    { min: 1, max: 2 },
    { min: 2, max: 3 },
    { min: 0, max: 2 },
    { min: 1, max: 1 },
  ]

  it('where quantifiers have limits', () => {
    const patterns = somePattern({
      quantifiers: bounded,
      restrictors: [undefined, 'WALK', 'TRAIL', 'ACYCLIC', 'SIMPLE'],
    })
    fc.assert(
      fc.property(someGraph, patterns, (graph, pattern) => {
        const expected = enumerateMatches(graph, pattern, 4).map(({ match }) => match)
        fc.pre(maximumLength(pattern) <= 4)
        expect(sortedKeys(matchesOf(graph, printPath(pattern)))).toEqual(sortedKeys(expected))
      }),
      { seed: 1, numRuns: 1500, endOnFailure: true },
    )
  })

  it.each(['TRAIL', 'ACYCLIC', 'SIMPLE'] as const)('where %s bounds quantifiers without a limit', (restrictor) => {
    const endless: readonly Quantifier[] = [
      { min: 0, max: undefined },
      { min: 1, max: undefined },
      { min: 2, max: undefined },
    ]
    const patterns = somePattern({ quantifiers: [...bounded, ...endless], restrictors: [restrictor] })
    fc.assert(
      fc.property(someGraph, patterns, (graph, pattern) => {
        // With four edges no restricted path is longer than four.
        const expected = enumerateMatches(graph, pattern, 4).map(({ match }) => match)
        expect(sortedKeys(matchesOf(graph, printPath(pattern)))).toEqual(sortedKeys(expected))
      }),
      { seed: 2, numRuns: 500, endOnFailure: true },
    )
  })

  it.each([
    ['ANY SHORTEST', 1, false],
    ['ALL SHORTEST', 1, true],
    ['SHORTEST 2', 2, false],
    ['SHORTEST 2 GROUP', 2, true],
    ['ANY', 1, false],
    ['ANY 3', 3, false],
  ] as const)('where %s bounds quantifiers without a limit', (selector, count, isGroup) => {
    const patterns = somePattern({
      quantifiers: [...bounded, { min: 0, max: undefined }, { min: 1, max: undefined }, { min: 2, max: undefined }],
      restrictors: [undefined, undefined, 'TRAIL'],
    })
    fc.assert(
      fc.property(someGraph, patterns, (graph, pattern) => {
        const named: PathPattern = { ...pattern, variable: 'way' }
        const maxLength = 5
        const isNear = (match: Match): boolean => (match['way'] as number[]).length <= 2 * maxLength + 1
        const found = matchesOf(graph, `${selector} ${printPath(named)}`).filter(isNear)
        const all = enumerateMatches(graph, named, maxLength)
        const allKeys = new Set(all.map(({ match }) => keyOf(match)))
        for (const match of found) expect(allKeys).toContain(keyOf(match))
        expect(new Set(found.map(keyOf)).size).toBe(found.length)
        // Which ones of equal length are kept is free: only their lengths are compared, for each pair of ends.
        expect(lengthsByEnds(found.map(endsAndLength))).toEqual(
          lengthsByEnds(
            kept(
              all.map(({ walk }) => ({ ends: endsOf(walk), length: walk.edges.length })),
              count,
              isGroup,
            ),
          ),
        )
      }),
      { seed: 3, numRuns: 400, endOnFailure: true },
    )
  })
})

interface EndsAndLength {
  readonly ends: string
  readonly length: number
}

function endsOf({ nodes }: Walk): string {
  return `${nodes[0]} to ${nodes.at(-1)}`
}

function endsAndLength(match: Match): EndsAndLength {
  const way = match['way'] as number[]
  return { ends: `${way[0]} to ${way.at(-1)}`, length: (way.length - 1) / 2 }
}

/** What a selector must keep, from the definition. */
function kept(all: readonly EndsAndLength[], count: number, isGroup: boolean): EndsAndLength[] {
  return [...new Set(all.map(({ ends }) => ends))].flatMap((ends) => {
    const same = all.filter((each) => each.ends === ends).sort((a, b) => a.length - b.length)
    if (!isGroup) return same.slice(0, count)
    const lengths = [...new Set(same.map(({ length }) => length))].slice(0, count)
    return same.filter(({ length }) => lengths.includes(length))
  })
}

function lengthsByEnds(paths: readonly EndsAndLength[]): string[] {
  return paths.map(({ ends, length }) => `${ends}: ${length}`).sort()
}

function maximumLength({ parts }: PathPattern): number {
  let length = 0
  for (const part of parts) {
    if (part.kind === 'node') continue
    length += (part.kind === 'edge' ? 1 : maximumLength(part.path)) * (part.quantifier?.max ?? 1)
  }
  return length
}
