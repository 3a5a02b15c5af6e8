import { describe, expect, it } from 'vitest'
import { type IonValue, parseOne } from '../../../src/ion/index.ts'
import { type EngineValue, type Graph, readGraph } from '../../../src/partiql/public.ts'
import { compareValues, equalValues } from '../../../src/partiql/value/compare.ts'
import { hashKey } from '../../../src/partiql/value/hash-key.ts'

const read = (text: string): Graph => readGraph(parseOne(text), (value: IonValue): EngineValue => value)

const NODES = 'nodes: [{id: a, labels: ["N"], payload: 1}, {id: b}]'

describe('a graph', () => {
  it('is read from the notation of the conformance suite', () => {
    const graph = read(`$graph::{ ${NODES}, edges: [
      {id: r, ends: (a -> b)}, {id: l, ends: (a <- b)}, {id: u, ends: (a -- b), labels: ["E"], payload: 2.5}] }`)
    expect(graph.edges.map(({ id, from, to, isDirected }) => [id, from.id, to.id, isDirected])).toEqual([
      ['r', 'a', 'b', true],
      ['l', 'b', 'a', true],
      ['u', 'a', 'b', false],
    ])
    expect(graph.stepsFrom(graph.nodes[0]!).map(({ edge, sense }) => `${edge.id} ${sense}`)).toEqual([
      'r forward',
      'l backward',
      'u undirected',
    ])
  })

  it.each([
    ['5', 'a graph is written as a struct'],
    ['{nodes: 5, edges: []}', 'nodes of a graph are written as a list'],
    ['{nodes: [5], edges: []}', 'a node is written as a struct'],
    ['{nodes: [{}], edges: []}', 'id of a node or edge is a text'],
    ['{nodes: [{id: a}, {id: a}], edges: []}', 'two nodes have the id "a"'],
    ['{nodes: [{id: a}], edges: [{id: e, ends: (a -> b)}]}', 'edge "e" ends at "b", which is no node'],
    ['{nodes: [{id: a}], edges: [{id: e, ends: (a -> a)}, {id: e, ends: (a -> a)}]}', 'two edges have the id "e"'],
    ['{nodes: [{id: a}], edges: [{id: e, ends: (a => a)}]}', 'ends of an edge are written as'],
    ['{nodes: [{id: a}], edges: [{id: e}]}', 'ends of an edge are written as'],
  ])('is not read from %s', (text, problem) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE', message: expect.stringContaining(problem) }),
    )
  })

  it.each([
    ['edges: [{id: e, ends: (a -> b)}]', 'edges: [{id: e, ends: (b <- a), labels: []}]', true],
    ['edges: [{id: e, ends: (a -- b)}]', 'edges: [{id: e, ends: (b -- a)}]', true],
    ['edges: [{id: e, ends: (a -> b), payload: 1}]', 'edges: [{id: e, ends: (a -> b), payload: 1.0}]', true],
    ['edges: [{id: e, ends: (a -> b)}]', 'edges: [{id: e, ends: (b -> a)}]', false],
    ['edges: [{id: e, ends: (a -> b)}]', 'edges: [{id: e, ends: (a -- b)}]', false],
    ['edges: [{id: e, ends: (a -> b)}]', 'edges: [{id: f, ends: (a -> b)}]', false],
    ['edges: [{id: e, ends: (a -> b)}]', 'edges: [{id: e, ends: (a -> b), labels: ["L"]}]', false],
    ['edges: [{id: e, ends: (a -> b)}]', 'edges: []', false],
  ])('with %s and one with %s: equal is %s', (one, other, isEqual) => {
    const a = read(`{${NODES}, ${one}}`)
    const b = read(`{nodes: [{id: b}, {id: a, labels: ["N"], payload: 1}], ${other}}`)
    expect(equalValues(a, b)).toBe(isEqual)
    expect(hashKey(a) === hashKey(b)).toBe(isEqual)
    expect(Math.sign(compareValues(a, b)) + Math.sign(compareValues(b, a))).toBe(0)
  })
})
