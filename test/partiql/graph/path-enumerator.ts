/**
 * A second, slow implementation of graph patterns to compare with: it lists every walk of a graph up to a length, and
 * asks of each walk in which ways the pattern fits it, by trying all ways to cut it. Nothing is shared with the matcher.
 */

export interface TestGraph {
  /** Node i has the value i. */
  readonly nodeLabels: readonly (readonly string[])[]
  /** Edge i has the value 100 + i. */
  readonly edges: readonly {
    readonly from: number
    readonly to: number
    readonly isDirected: boolean
    readonly labels: readonly string[]
  }[]
}

export interface Element {
  readonly variable: string | undefined
  readonly label: string | undefined
  /** `variable > least` */
  readonly least: number | undefined
}

export type Part =
  | ({ readonly kind: 'node' } & Element)
  | ({ readonly kind: 'edge'; readonly arrow: Arrow; readonly quantifier: Quantifier | undefined } & Element)
  | { readonly kind: 'path'; readonly path: PathPattern; readonly quantifier: Quantifier | undefined }

export interface PathPattern {
  readonly restrictor: Restrictor | undefined
  readonly variable: string | undefined
  readonly parts: readonly Part[]
}

export type Restrictor = 'WALK' | 'TRAIL' | 'ACYCLIC' | 'SIMPLE'
export type Arrow = '->' | '<-' | '~' | '~>' | '<~' | '<->' | '-'
export interface Quantifier {
  readonly min: number
  readonly max: number | undefined
}

/** n nodes with n - 1 edges between them. */
export interface Walk {
  readonly nodes: readonly number[]
  readonly edges: readonly number[]
}

/** Values by variable: one, or a list for what is repeated and for paths. */
export type Match = Readonly<Record<string, number | readonly number[]>>

/** Every way of the pattern to fit a walk of at most `maxLength` edges. */
export function enumerateMatches(
  graph: TestGraph,
  pattern: PathPattern,
  maxLength: number,
): { walk: Walk; match: Match }[] {
  return walksOf(graph, maxLength).flatMap((walk) =>
    unique(pathFits(graph, pattern, walk, 0, walk.edges.length)).map((match) => ({ walk, match })),
  )
}

function walksOf(graph: TestGraph, maxLength: number): Walk[] {
  let longest: Walk[] = graph.nodeLabels.map((_, node) => ({ nodes: [node], edges: [] }))
  const all = [...longest]
  for (let length = 1; length <= maxLength; length++) {
    longest = longest.flatMap(({ nodes, edges }) =>
      graph.edges.flatMap(({ from, to }, edge) => {
        const end = nodes.at(-1)
        const targets = [...new Set([...(from === end ? [to] : []), ...(to === end ? [from] : [])])]
        return targets.map((target) => ({ nodes: [...nodes, target], edges: [...edges, edge] }))
      }),
    )
    all.push(...longest)
  }
  return all
}

function pathFits(graph: TestGraph, path: PathPattern, walk: Walk, start: number, end: number): Match[] {
  if (!isAllowed(path.restrictor, walk, start, end)) return []
  const named: Match = path.variable === undefined ? {} : { [path.variable]: valuesOf(walk, start, end) }
  return partsFit(graph, path.parts, walk, start, end).flatMap((match) => joined(match, named))
}

function partsFit(graph: TestGraph, parts: readonly Part[], walk: Walk, start: number, end: number): Match[] {
  const [first, ...rest] = parts
  if (first === undefined) return start === end ? [{}] : []
  const found: Match[] = []
  for (let middle = start; middle <= end; middle++) {
    const heads = partFits(graph, first, walk, start, middle)
    if (heads.length === 0) continue
    const tails = partsFit(graph, rest, walk, middle, end)
    for (const head of heads) for (const tail of tails) found.push(...joined(head, tail))
  }
  return found
}

function partFits(graph: TestGraph, part: Part, walk: Walk, start: number, end: number): Match[] {
  if (part.kind === 'node') {
    const node = walk.nodes[start]!
    return start === end && elementFits(part, node, graph.nodeLabels[node]!) ? [single(part, node)] : []
  }
  const once = (from: number, to: number): Match[] => {
    if (part.kind === 'path') return pathFits(graph, part.path, walk, from, to)
    if (to !== from + 1) return []
    const edge = walk.edges[from]!
    const fits =
      elementFits(part, 100 + edge, graph.edges[edge]!.labels) &&
      arrowFits(part.arrow, graph.edges[edge]!, walk.nodes[from]!, walk.nodes[to]!)
    return fits ? [single(part, 100 + edge)] : []
  }
  if (part.quantifier === undefined) return once(start, end)
  const { min, max = end - start } = part.quantifier
  const names = variablesOf(part)
  const rounds = (from: number, count: number): Match[] => {
    const found: Match[] = []
    if (from === end && count >= min) found.push(Object.fromEntries(names.map((name) => [name, []])))
    if (count >= max) return found
    // A round is at least one edge long: patterns that could be shorter are not made.
    for (let to = from + 1; to <= end; to++) {
      const heads = once(from, to)
      if (heads.length === 0) continue
      for (const tail of rounds(to, count + 1)) {
        for (const head of heads) {
          found.push(Object.fromEntries(names.map((name) => [name, [head[name] ?? [], tail[name] ?? []].flat()])))
        }
      }
    }
    return found
  }
  return rounds(start, 0)
}

function single({ variable }: Element, value: number): Match {
  return variable === undefined ? {} : { [variable]: value }
}

function elementFits({ label, least }: Element, value: number, labels: readonly string[]): boolean {
  return (label === undefined || labels.includes(label)) && (least === undefined || value > least)
}

function arrowFits(
  arrow: Arrow,
  { from, to, isDirected }: TestGraph['edges'][number],
  source: number,
  target: number,
): boolean {
  const right = isDirected && from === source && to === target
  const left = isDirected && to === source && from === target
  const undirected = !isDirected
  switch (arrow) {
    case '->':
      return right
    case '<-':
      return left
    case '~':
      return undirected
    case '~>':
      return undirected || right
    case '<~':
      return undirected || left
    case '<->':
      return left || right
    case '-':
      return true
  }
}

function isAllowed(restrictor: Restrictor | undefined, walk: Walk, start: number, end: number): boolean {
  const nodes = walk.nodes.slice(start, end + 1)
  const edges = walk.edges.slice(start, end)
  switch (restrictor) {
    case undefined:
    case 'WALK':
      return true
    case 'TRAIL':
      return new Set(edges).size === edges.length
    case 'ACYCLIC':
      return new Set(nodes).size === nodes.length
    case 'SIMPLE': {
      const inner = nodes.length > 1 && nodes[0] === nodes.at(-1) ? nodes.slice(1) : nodes
      return new Set(inner).size === inner.length
    }
  }
}

function valuesOf({ nodes, edges }: Walk, start: number, end: number): number[] {
  const values = [nodes[start]!]
  for (let at = start; at < end; at++) values.push(100 + edges[at]!, nodes[at + 1]!)
  return values
}

function variablesOf(part: Part): string[] {
  if (part.kind !== 'path') return part.variable === undefined ? [] : [part.variable]
  const { variable, parts } = part.path
  return [...(variable === undefined ? [] : [variable]), ...parts.flatMap(variablesOf)]
}

function joined(a: Match, b: Match): Match[] {
  for (const [name, value] of Object.entries(b)) if (name in a && a[name] !== value) return []
  return [{ ...a, ...b }]
}

function unique(matches: readonly Match[]): Match[] {
  return [...new Map(matches.map((match) => [keyOf(match), match])).values()]
}

/** Equal for equal matches. */
export function keyOf(match: Match): string {
  return JSON.stringify(Object.entries(match).sort(([a], [b]) => (a < b ? -1 : 1)))
}

// -------------------------------------------------------------------------------------------------------------- text

export function printPath({ restrictor, variable, parts }: PathPattern): string {
  const words = [
    ...(restrictor === undefined ? [] : [restrictor]),
    ...(variable === undefined ? [] : [`${variable} =`]),
  ]
  return [...words, ...parts.map(printPart)].join(' ')
}

function printPart(part: Part): string {
  switch (part.kind) {
    case 'node':
      return `(${printElement(part)})`
    case 'edge': {
      const inner = `[${printElement(part)}]`
      const line = part.arrow.includes('~') ? '~' : '-'
      const [left = '', right = ''] = [part.arrow.startsWith('<') ? '<' : '', part.arrow.endsWith('>') ? '>' : '']
      return `${left}${line}${inner}${line}${right}${printQuantifier(part.quantifier)}`
    }
    case 'path':
      return `(${printPath(part.path)})${printQuantifier(part.quantifier)}`
  }
}

function printElement({ variable, label, least }: Element): string {
  const where = least === undefined ? '' : ` WHERE ${variable} > ${least}`
  return `${variable ?? ''}${label === undefined ? '' : `:${label}`}${where}`
}

function printQuantifier(quantifier: Quantifier | undefined): string {
  if (quantifier === undefined) return ''
  const { min, max } = quantifier
  return max === undefined && min === 0 ? '*' : max === undefined && min === 1 ? '+' : `{${min},${max ?? ''}}`
}
