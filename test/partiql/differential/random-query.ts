/**
 * Random rows, and random queries over them that mean the same in PartiQL and in SQL. What would mean something else in
 * SQLite is not made:
 *
 * - columns keep to one type each, as SQLite compares numbers with texts, where PartiQL has MISSING
 * - a truth is never selected, only what CASE makes of it: SQLite has 0 and 1 for it
 * - a divisor is a constant other than 0: SQLite has NULL for a division by zero, PartiQL an error
 * - ORDER BY always says where NULLs go, as the defaults differ, and is total where LIMIT follows
 * - a scalar subquery is an aggregate and so has one row: of several, SQLite takes the first
 * - set operators have no ALL but UNION's, and are not chained: SQLite lacks the others and has one precedence for all
 * - keys of GROUP BY and ORDER BY have a column in them: a number alone is the place of a column there
 * - names are written as they are declared: SQLite ignores their case, QLDB does not
 *
 * Two functions have other names there ({@link sqliteText}); LIKE is told to mind case; texts are ASCII, where the two
 * orders of texts agree.
 */

export type Cell = number | string | null
export type Row = Readonly<Record<string, Cell>>
export type Tables = Readonly<Record<'T' | 'U' | 'V', readonly Row[]>>

export const COLUMNS: readonly string[] = ['id', 'a', 'b', 's', 'c']

type ColumnType = 'number' | 'text'
const TYPES: Readonly<Record<string, ColumnType>> = { id: 'number', a: 'number', b: 'number', s: 'text', c: 'text' }

const TEXTS: readonly string[] = ['a', 'b', 'ab', 'A', '', 'a%', 'b_a', 'ba']

export interface RandomQuery {
  readonly text: string
  /** The names of the columns, in order. */
  readonly columns: readonly string[]
  readonly isOrdered: boolean
}

/** The same query for SQLite. */
export function sqliteText(text: string): string {
  return text.replaceAll('CHAR_LENGTH(', 'LENGTH(').replaceAll('SUBSTRING(', 'SUBSTR(')
}

/** Numbers that depend on the seed alone (mulberry32, by Tommy Ettinger, public domain). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A source that a query has in sight. */
interface Source {
  readonly alias: string
  readonly columns: Readonly<Record<string, ColumnType>>
}

type Choice = readonly [weight: number, make: () => string]

export class QueryMaker {
  readonly #random: () => number
  #aliasCount = 0

  constructor(seed: number) {
    this.#random = randomOf(seed)
  }

  tables(): Tables {
    const rows = (most: number): Row[] =>
      Array.from({ length: this.#below(most + 1) }, (_, index) => ({
        id: index + 1,
        ...{ a: this.#cell(() => this.#below(5) - 1), b: this.#cell(() => this.#below(9) - 4) },
        ...{ s: this.#cell(() => this.#oneOf(TEXTS)), c: this.#cell(() => this.#oneOf(TEXTS)) },
      }))
    return { T: rows(12), U: rows(8), V: rows(5) }
  }

  query(): RandomQuery {
    this.#aliasCount = 0
    const kind = this.#random()
    if (kind < 0.45) return this.#select([], 2, this.#random() < 0.5)
    if (kind < 0.7) return this.#grouped([], 2)
    if (kind < 0.85) return this.#setOperation()
    return this.#windowed()
  }

  // Queries.

  #select(outer: readonly Source[], depth: number, isOrdered: boolean): RandomQuery {
    const { text: from, sources } = this.#from(outer, depth)
    const sight = [...sources, ...outer]
    const isDistinct = this.#random() < 0.25
    const count = 1 + this.#below(3)
    const columns = Array.from({ length: count }, (_, index) => `x${index}`)
    const items = columns.map((column) => `${this.#expression(sight, depth)} AS ${column}`)
    const keys = isDistinct ? columns : [this.#key(sources), ...sources.map(({ alias }) => `${alias}.id`)]
    const order = isOrdered ? `${this.#orderBy(keys)}${this.#limit()}` : ''
    const text = `SELECT ${isDistinct ? 'DISTINCT ' : ''}${items.join(', ')} FROM ${from}${this.#where(sight, depth)}${order}`
    return { text, columns, isOrdered }
  }

  #grouped(outer: readonly Source[], depth: number): RandomQuery {
    const { text: from, sources } = this.#from(outer, depth)
    const sight = [...sources, ...outer]
    const keys = Array.from({ length: this.#below(3) }, () => this.#key(sources))
    const aggregates = Array.from({ length: 1 + this.#below(3) }, () => this.#aggregate(sources))
    const values = [...keys, ...aggregates]
    const columns = values.map((_, index) => `x${index}`)
    const items = values.map((value, index) => `${value} AS x${index}`)
    const having =
      keys.length > 0 && this.#random() < 0.4
        ? ` HAVING ${this.#aggregateOfNumbers(sources)} ${this.#oneOf(['<', '>=', '=', '<>'])} ${this.#below(5)}`
        : ''
    const isOrdered = keys.length > 0 && this.#random() < 0.4
    const order = isOrdered ? `${this.#orderBy(keys.map((_, index) => `x${index}`))}${this.#limit()}` : ''
    const group = keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`
    return {
      text: `SELECT ${items.join(', ')} FROM ${from}${this.#where(sight, depth)}${group}${having}${order}`,
      columns,
      isOrdered,
    }
  }

  #setOperation(): RandomQuery {
    const operator = this.#oneOf(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT'])
    const types = Array.from({ length: 1 + this.#below(2) }, () => this.#oneOf<ColumnType>(['number', 'text']))
    const side = (): string => {
      const { text: from, sources } = this.#from([], 1)
      const items = types.map((type, index) => `${this.#ofType(type, sources, 1)} AS x${index}`)
      return `SELECT ${items.join(', ')} FROM ${from}${this.#where(sources, 1)}`
    }
    return { text: `${side()} ${operator} ${side()}`, columns: types.map((_, index) => `x${index}`), isOrdered: false }
  }

  /** The order of every window is total, so that its functions have one answer. */
  #windowed(): RandomQuery {
    const { text: from, sources } = this.#from([], 1)
    const ids = sources.map(({ alias }) => `${alias}.id`)
    const partition =
      this.#random() < 0.6 ? `PARTITION BY ${this.#column(this.#oneOf(['number', 'text']), sources)}` : ''
    const key = this.#column('number', sources)
    const total = this.#orderBy([key, ...ids]).trim()
    const ties = this.#orderBy([key]).trim()
    const value = this.#column('number', sources)
    const call = this.#oneOf([
      `ROW_NUMBER() OVER (${partition} ${total})`,
      `RANK() OVER (${partition} ${ties})`,
      `DENSE_RANK() OVER (${partition} ${ties})`,
      `SUM(${value}) OVER (${partition})`,
      `SUM(${value}) OVER (${partition} ${total})`,
      `COUNT(*) OVER (${partition} ${ties})`,
      `MAX(${value}) OVER (${partition} ${total} ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)`,
      `LAG(${value}) OVER (${partition} ${total})`,
      `LEAD(${value}, 2, 7) OVER (${partition} ${total})`,
      `FIRST_VALUE(${value}) OVER (${partition} ${total})`,
      `LAST_VALUE(${value}) OVER (${partition} ${total} ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING)`,
      `NTH_VALUE(${value}, 2) OVER (${partition} ${total})`,
      `NTILE(3) OVER (${partition} ${total})`,
      `PERCENT_RANK() OVER (${partition} ${ties})`,
      `CUME_DIST() OVER (${partition} ${ties})`,
      `SUM(${value}) OVER (${partition} ${ties} RANGE BETWEEN 2 PRECEDING AND 1 FOLLOWING)`,
      `COUNT(${value}) OVER (${partition} ${ties} GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW)`,
      `SUM(${value}) OVER (${partition} ${ties} ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE TIES)`,
      `MIN(${value}) OVER (${partition} ${ties} RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW)`,
    ])
    const items = [...ids, call].map((item, index) => `${item} AS x${index}`)
    return {
      text: `SELECT ${items.join(', ')} FROM ${from}${this.#where(sources, 1)}`,
      columns: items.map((_, index) => `x${index}`),
      isOrdered: false,
    }
  }

  #from(outer: readonly Source[], depth: number): { readonly text: string; readonly sources: readonly Source[] } {
    const sources: Source[] = []
    let text = this.#source(sources, depth)
    const joins = this.#oneOf([0, 0, 1, 1, 1, 2])
    for (let index = 0; index < joins; index++) {
      const kind = this.#oneOf([
        'JOIN',
        'JOIN',
        'JOIN',
        'LEFT JOIN',
        'LEFT JOIN',
        'RIGHT JOIN',
        'FULL JOIN',
        'CROSS JOIN',
      ])
      text += ` ${kind} ${this.#source(sources, depth)}`
      if (kind === 'CROSS JOIN') continue
      const [left, right] = [sources.slice(0, -1), sources.slice(-1)]
      const type = this.#oneOf<ColumnType>(['number', 'number', 'text'])
      const equality = `${this.#column(type, left)} = ${this.#column(type, right)}`
      text += ` ON ${this.#random() < 0.7 ? equality : this.#condition([...sources, ...outer], 1)}`
    }
    return { text, sources }
  }

  #source(sources: Source[], depth: number): string {
    const alias = `${this.#oneOf(['t', 'u', 'v'])}${this.#aliasCount++}`
    if (depth < 2 || this.#random() < 0.9) {
      sources.push({ alias, columns: TYPES })
      return `${this.#oneOf(['T', 'T', 'U', 'V'])} AS ${alias}`
    }
    const inner: Source[] = []
    const from = this.#source(inner, 0)
    const type = this.#oneOf<ColumnType>(['number', 'text'])
    const items = `${inner[0]!.alias}.id AS id, ${this.#ofType('number', inner, 1)} AS y0, ${this.#ofType(type, inner, 1)} AS y1`
    sources.push({ alias, columns: { id: 'number', y0: 'number', y1: type } })
    return `(SELECT ${items} FROM ${from}${this.#where(inner, 1)}) AS ${alias}`
  }

  #where(sight: readonly Source[], depth: number): string {
    return this.#random() < 0.7 ? ` WHERE ${this.#condition(sight, depth)}` : ''
  }

  #orderBy(keys: readonly string[]): string {
    const directions = ['ASC NULLS FIRST', 'ASC NULLS LAST', 'DESC NULLS FIRST', 'DESC NULLS LAST']
    return ` ORDER BY ${keys.map((key) => `${key} ${this.#oneOf(directions)}`).join(', ')}`
  }

  #limit(): string {
    return this.#oneOf(['', ` LIMIT ${this.#below(6)}`, ` LIMIT ${1 + this.#below(5)} OFFSET ${this.#below(4)}`])
  }

  // Conditions: three-valued.

  #condition(sight: readonly Source[], depth: number): string {
    const number = (): string => this.#number(sight, 1)
    const text = (): string => this.#text(sight, 1)
    const deeper = (): string => this.#condition(sight, depth - 1)
    const not = this.#random() < 0.3 ? 'NOT ' : ''
    const choices: Choice[] = [
      [4, () => `${number()} ${this.#comparison()} ${number()}`],
      [2, () => `${text()} ${this.#comparison()} ${text()}`],
      [1, () => `${number()} ${not}BETWEEN ${number()} AND ${number()}`],
      [1, () => `${number()} ${not}IN (${number()}, ${number()}, ${this.#oneOf(['NULL', '2'])})`],
      [1, () => `${text()} ${not}IN (${text()}, ${this.#textLiteral()})`],
      [1, () => `${text()} ${not}LIKE ${this.#oneOf(["'a%'", "'%b'", "'_'", "'%a_'", "''", "'A%'", 'NULL'])}`],
      [1, () => `${text()} ${not}LIKE 'a!%%' ESCAPE '!'`],
      [1, () => `${this.#oneOf([number, text])()} IS ${not}NULL`],
    ]
    if (depth > 0) {
      choices.push([2, () => `(${deeper()} AND ${deeper()})`], [2, () => `(${deeper()} OR ${deeper()})`])
      choices.push([1, () => `NOT (${deeper()})`])
    }
    if (depth > 1) {
      choices.push([1, () => `${not}EXISTS (${this.#subquery(sight, 'number').text})`])
      choices.push([1, () => `${number()} ${not}IN (${this.#subquery(sight, 'number').text})`])
      choices.push([1, () => `${text()} ${not}IN (${this.#subquery(sight, 'text').text})`])
      choices.push([1, () => `${number()} ${this.#comparison()} ${this.#scalar(sight)}`])
    }
    return this.#choose(choices)
  }

  /** One column, correlated as often as not. */
  #subquery(outer: readonly Source[], type: ColumnType): { readonly text: string } {
    const sources: Source[] = []
    const from = this.#source(sources, 0)
    const where = this.#where([...sources, ...(this.#random() < 0.6 ? outer : [])], 0)
    return { text: `SELECT ${this.#column(type, sources)} AS z FROM ${from}${where}` }
  }

  #scalar(outer: readonly Source[]): string {
    const sources: Source[] = []
    const from = this.#source(sources, 0)
    const where = this.#where([...sources, ...(this.#random() < 0.6 ? outer : [])], 0)
    return `(SELECT ${this.#aggregateOfNumbers(sources)} AS z FROM ${from}${where})`
  }

  // Values.

  #expression(sight: readonly Source[], depth: number): string {
    return this.#ofType(this.#oneOf<ColumnType>(['number', 'number', 'text']), sight, depth)
  }

  /** With a column in it: a number alone is the place of a column in SQL. */
  #key(sources: readonly Source[]): string {
    for (;;) {
      const key = this.#expression(sources, 1)
      if (key.includes('.')) return key
    }
  }

  #ofType(type: ColumnType, sight: readonly Source[], depth: number): string {
    return type === 'number' ? this.#number(sight, depth) : this.#text(sight, depth)
  }

  #number(sight: readonly Source[], depth: number): string {
    const deeper = (): string => this.#number(sight, depth - 1)
    const choices: Choice[] = [
      [6, () => this.#column('number', sight)],
      [2, () => `${this.#below(4)}`],
    ]
    if (depth > 0) {
      choices.push([2, () => `(${deeper()} ${this.#oneOf(['+', '-', '*'])} ${deeper()})`])
      choices.push([1, () => `(${deeper()} ${this.#oneOf(['/', '%'])} ${this.#oneOf(['2', '3', '(-2)'])})`])
      choices.push([1, () => `ABS(${deeper()})`], [1, () => `(-${deeper()})`])
      choices.push([1, () => `COALESCE(${deeper()}, ${deeper()})`], [1, () => `NULLIF(${deeper()}, ${deeper()})`])
      choices.push([1, () => `CHAR_LENGTH(${this.#text(sight, depth - 1)})`])
      choices.push([1, () => this.#case(sight, depth, deeper)])
      choices.push([1, () => `CASE ${deeper()} WHEN ${deeper()} THEN ${deeper()} WHEN 1 THEN ${deeper()} END`])
    }
    if (depth > 1) choices.push([1, () => this.#scalar(sight)])
    return this.#choose(choices)
  }

  #text(sight: readonly Source[], depth: number): string {
    const deeper = (): string => this.#text(sight, depth - 1)
    const choices: Choice[] = [
      [6, () => this.#column('text', sight)],
      [2, () => this.#textLiteral()],
    ]
    if (depth > 0) {
      choices.push(
        [2, () => `(${deeper()} || ${deeper()})`],
        [1, () => `UPPER(${deeper()})`],
        [1, () => `LOWER(${deeper()})`],
      )
      choices.push([1, () => `SUBSTRING(${deeper()}, ${1 + this.#below(3)}, ${this.#below(3)})`])
      choices.push([1, () => `COALESCE(${deeper()}, ${deeper()})`], [1, () => this.#case(sight, depth, deeper)])
    }
    return this.#choose(choices)
  }

  #case(sight: readonly Source[], depth: number, value: () => string): string {
    const otherwise = this.#random() < 0.7 ? ` ELSE ${value()}` : ''
    return `CASE WHEN ${this.#condition(sight, depth - 2)} THEN ${value()}${otherwise} END`
  }

  #aggregate(sources: readonly Source[]): string {
    if (this.#random() < 0.8) return this.#aggregateOfNumbers(sources)
    return `${this.#oneOf(['MIN', 'MAX', 'COUNT'])}(${this.#text(sources, 1)})`
  }

  #aggregateOfNumbers(sources: readonly Source[]): string {
    if (this.#random() < 0.2) return 'COUNT(*)'
    const distinct = this.#random() < 0.25 ? 'DISTINCT ' : ''
    return `${this.#oneOf(['COUNT', 'SUM', 'MIN', 'MAX', 'AVG'])}(${distinct}${this.#number(sources, 1)})`
  }

  /** A text where nothing in sight has the type: only texts can be lacking. */
  #column(type: ColumnType, sight: readonly Source[]): string {
    const found = sight.flatMap(({ alias, columns }) =>
      Object.entries(columns).flatMap(([name, each]) => (each === type ? [`${alias}.${name}`] : [])),
    )
    return found.length === 0 ? this.#textLiteral() : this.#oneOf(found)
  }

  #comparison(): string {
    return this.#oneOf(['=', '=', '<>', '<', '<=', '>', '>='])
  }

  #textLiteral(): string {
    return `'${this.#oneOf(TEXTS)}'`
  }

  // Chance.

  #cell<Value>(make: () => Value): Value | null {
    return this.#random() < 0.25 ? null : make()
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit)
  }

  #oneOf<Value>(values: readonly Value[]): Value {
    return values[this.#below(values.length)]!
  }

  #choose(choices: readonly Choice[]): string {
    let left = this.#random() * choices.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, make] of choices) {
      left -= weight
      if (left < 0) return make()
    }
    return choices[0]![1]()
  }
}
