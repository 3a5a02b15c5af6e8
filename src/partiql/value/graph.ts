import { FormatError } from '../../errors.ts'
import {
  IonAnnotated,
  type IonField,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonValue,
} from '../../ion/index.ts'
import { Bag, type EngineValue, MISSING } from './engine-value.ts'

/** A node of a graph. */
export interface GraphNode {
  readonly kind: 'node'
  /** Its place in {@link Graph.nodes}. */
  readonly index: number
  readonly id: string
  readonly labels: ReadonlySet<string>
  /** MISSING where it has none. */
  readonly payload: EngineValue
}

/** An edge of a graph: from `from` to `to`, or undirected between the two, which may be the same node. */
export interface GraphEdge {
  readonly kind: 'edge'
  /** Its place in {@link Graph.edges}. */
  readonly index: number
  readonly id: string
  readonly labels: ReadonlySet<string>
  /** MISSING where it has none. */
  readonly payload: EngineValue
  readonly isDirected: boolean
  readonly from: GraphNode
  readonly to: GraphNode
}

/** A way over one edge, as seen from a node: `forward` is from the edge's `from` to its `to`. */
export interface GraphStep {
  readonly edge: GraphEdge
  readonly target: GraphNode
  readonly sense: 'forward' | 'backward' | 'undirected'
}

/** What a graph is made of. Ids are texts, told apart among nodes and among edges; an edge names the ids of its ends. */
export interface GraphDefinition {
  readonly nodes: readonly GraphElementDefinition[]
  readonly edges: readonly GraphEdgeDefinition[]
}

export interface GraphElementDefinition {
  readonly id: string
  readonly labels?: readonly string[] | undefined
  /** MISSING or undefined for none. */
  readonly payload?: EngineValue | undefined
}

export interface GraphEdgeDefinition extends GraphElementDefinition {
  readonly from: string
  readonly to: string
  /** True when not said. */
  readonly isDirected?: boolean | undefined
}

/**
 * A property graph, as `MATCH` reads it: nodes and edges with any number of labels and one value each, several edges
 * between the same nodes, directed or not, loops. It never changes. The model is that of GPML (Deutsch et al., "Graph
 * Pattern Matching in GQL and SQL/PGQ", SIGMOD 2022, §3), with one value in the place of its properties.
 */
export class Graph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  readonly #steps: readonly GraphStep[][]

  /** @throws {FormatError} BAD_VALUE when an id comes twice or an edge ends at no node */
  constructor(definition: GraphDefinition) {
    const byId = new Map<string, GraphNode>()
    this.nodes = definition.nodes.map(({ id, labels, payload }, index) => {
      const node: GraphNode = { kind: 'node', index, id, labels: new Set(labels), payload: payload ?? MISSING }
      if (byId.has(id)) throw unreadable(`two nodes have the id ${JSON.stringify(id)}`)
      byId.set(id, node)
      return node
    })
    const edgeIds = new Set<string>()
    this.edges = definition.edges.map(({ id, labels, payload, from, to, isDirected = true }, index) => {
      if (edgeIds.has(id)) throw unreadable(`two edges have the id ${JSON.stringify(id)}`)
      edgeIds.add(id)
      const end = (nodeId: string): GraphNode => {
        const node = byId.get(nodeId)
        if (node !== undefined) return node
        throw unreadable(`edge ${JSON.stringify(id)} ends at ${JSON.stringify(nodeId)}, which is no node`)
      }
      return {
        kind: 'edge',
        index,
        id,
        labels: new Set(labels),
        payload: payload ?? MISSING,
        isDirected,
        from: end(from),
        to: end(to),
      }
    })
    const steps: GraphStep[][] = this.nodes.map(() => [])
    for (const edge of this.edges) {
      const { from, to, isDirected } = edge
      steps[from.index]!.push({ edge, target: to, sense: isDirected ? 'forward' : 'undirected' })
      // Over an undirected loop there is one way, over a directed one there are two: along it and against it.
      if (isDirected || from !== to)
        steps[to.index]!.push({ edge, target: from, sense: isDirected ? 'backward' : 'undirected' })
    }
    this.#steps = steps
  }

  /** The ways that lead on from a node. */
  stepsFrom(node: GraphNode): readonly GraphStep[] {
    return this.#steps[node.index]!
  }

  /**
   * All of the graph as a value of other kinds: two graphs are equal when these are, and order as these do. (Two graphs
   * that differ in their ids alone are not the same.)
   */
  get content(): EngineValue {
    const element = ({ id, labels, payload }: GraphNode | GraphEdge): EngineValue[] => [
      id,
      new Bag([...labels]),
      payload,
    ]
    const list = (items: readonly EngineValue[]): IonList => new IonList(items as IonValue[])
    const nodes = this.nodes.map((node) => list(element(node)))
    const edges = this.edges.map((edge) => {
      const ends = [edge.from.id, edge.to.id]
      return list([...element(edge), edge.isDirected ? list(ends) : new Bag(ends)])
    })
    return list([new Bag(nodes), new Bag(edges)])
  }
}

// -------------------------------------------------------------------------------------------------------------- Ion

/**
 * The graph that an Ion value in the notation of the PartiQL conformance suite stands for:
 * `$graph::{ nodes: [{id: a, labels: ["L"], payload: v}, …], edges: [{id: e, labels: […], payload: v, ends: (a -> b)}, …] }`,
 * with `(a <- b)` and the undirected `(a -- b)`. Labels and payload may be left out. The annotation is not looked at.
 *
 * @param readPayload how the values of nodes and edges are read
 * @throws {FormatError} BAD_VALUE with what is wrong
 */
export function readGraph(value: IonValue, readPayload: (value: IonValue) => EngineValue): Graph {
  const graph = structOf(value, 'a graph')
  const readElement = (element: IonStruct): GraphElementDefinition => {
    const labels = element.get('labels')
    const payload = element.get('payload')
    return {
      id: textOf(element.get('id'), 'id'),
      labels: labels === undefined ? [] : itemsOf(labels, 'labels').map((label) => textOf(label, 'a label')),
      payload: payload === undefined ? MISSING : readPayload(payload),
    }
  }
  return new Graph({
    nodes: itemsOf(graph.get('nodes'), 'nodes').map((node) => readElement(structOf(node, 'a node'))),
    edges: itemsOf(graph.get('edges'), 'edges').map((value) => {
      const edge = structOf(value, 'an edge')
      return { ...readElement(edge), ...readEnds(edge.get('ends')) }
    }),
  })
}

/** The graph in the notation that {@link readGraph} reads. */
export function graphToIon(graph: Graph, writePayload: (value: EngineValue) => IonValue): IonValue {
  const element = ({ id, labels, payload }: GraphNode | GraphEdge): IonField[] => [
    { name: 'id', value: new IonSymbol(id) },
    { name: 'labels', value: new IonList([...labels]) },
    ...(payload === MISSING ? [] : [{ name: 'payload', value: writePayload(payload) }]),
  ]
  const ends = ({ from, to, isDirected }: GraphEdge): IonSexp =>
    new IonSexp([new IonSymbol(from.id), new IonSymbol(isDirected ? '->' : '--'), new IonSymbol(to.id)])
  const nodes = graph.nodes.map((node) => new IonStruct(element(node)))
  const edges = graph.edges.map((edge) => new IonStruct([...element(edge), { name: 'ends', value: ends(edge) }]))
  const struct = new IonStruct([
    { name: 'nodes', value: new IonList(nodes) },
    { name: 'edges', value: new IonList(edges) },
  ])
  return new IonAnnotated(['$graph'], struct)
}

function readEnds(value: IonValue | undefined): Pick<GraphEdgeDefinition, 'from' | 'to' | 'isDirected'> {
  const plain = value instanceof IonAnnotated ? value.value : value
  if (plain instanceof IonSexp && plain.items.length === 3) {
    const [left, sign, right] = plain.items.map((item) => textOf(item, 'an end of an edge'))
    if (sign === '->') return { from: left!, to: right!, isDirected: true }
    if (sign === '<-') return { from: right!, to: left!, isDirected: true }
    if (sign === '--') return { from: left!, to: right!, isDirected: false }
  }
  throw unreadable('ends of an edge are written as (a -> b), (a <- b) or (a -- b)')
}

function structOf(value: IonValue | undefined, what: string): IonStruct {
  const plain = value instanceof IonAnnotated ? value.value : value
  if (plain instanceof IonStruct) return plain
  throw unreadable(`${what} is written as a struct`)
}

function itemsOf(value: IonValue | undefined, what: string): readonly IonValue[] {
  const plain = value instanceof IonAnnotated ? value.value : value
  if (plain === undefined || plain instanceof IonNull) return []
  if (plain instanceof IonList) return plain.items
  throw unreadable(`${what} of a graph are written as a list`)
}

function textOf(value: IonValue | undefined, what: string): string {
  const plain = value instanceof IonAnnotated ? value.value : value
  const text = plain instanceof IonSymbol ? plain.text : plain
  if (typeof text === 'string') return text
  throw unreadable(`${what} of a node or edge is a text`)
}

function unreadable(problem: string): FormatError {
  return new FormatError('BAD_VALUE', `This is no graph: ${problem}.`)
}
