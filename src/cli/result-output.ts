import { Decimal, IonFloat, IonStruct, type IonValue, printText } from '../ion/index.ts'
import { readableValue } from '../partiql/index.ts'
import type { Io } from './io.ts'
import { ionToJson } from './ion-json.ts'
import {
  type Cell,
  columnWidths,
  displayWidth,
  expandedTable,
  printable,
  printableLines,
  tableHeader,
  tableRows,
  textTable,
} from './text-table.ts'

/**
 * How rows are shown: a table for people, expanded when it would be wider than the terminal, or always expanded; Ion,
 * JSON lines or CSV for programs. Times and intervals are texts in all of them but Ion.
 */
export type ResultFormat = 'table' | 'expanded' | 'ion' | 'json' | 'csv'

/** Rows that a table measures before it draws them. */
const WINDOW_ROWS = 1000

/** The format asked for by options, or what fits: a table on a terminal, JSON lines in a pipe. */
export function chooseFormat(
  options: { readonly ion?: boolean; readonly json?: boolean; readonly csv?: boolean },
  io: Io,
): ResultFormat {
  if (options.ion === true) return 'ion'
  if (options.json === true) return 'json'
  if (options.csv === true) return 'csv'
  return io.isTerminal ? 'table' : 'json'
}

/**
 * Writes rows as they come. Memory: a thousand rows for tables and CSV, whose columns are those of the first thousand;
 * one row otherwise.
 *
 * @param signal stops before the next row
 * @returns how many rows were written
 */
export async function writeRows(
  rows: AsyncIterable<IonValue>,
  format: ResultFormat,
  io: Io,
  signal?: AbortSignal,
): Promise<number> {
  const writer = rowWriter(format, io)
  let count = 0
  try {
    for await (const row of rows) {
      if (signal?.aborted) break
      writer.add(row)
      count++
      const drained = io.drained()
      if (drained !== undefined) await drained
    }
  } finally {
    writer.end()
  }
  return count
}

/** One of the formats. `end` writes what was kept back. */
interface RowWriter {
  add(row: IonValue): void
  end(): void
}

function rowWriter(format: ResultFormat, io: Io): RowWriter {
  switch (format) {
    case 'ion':
      return { add: (row) => io.write(`${printableLines(printText(row))}\n`), end: () => {} }
    case 'json':
      return { add: (row) => io.write(`${printableLines(ionToJson(readableValue(row)))}\n`), end: () => {} }
    case 'csv':
      return new WindowedWriter(new CsvWindow(io))
    case 'table':
    case 'expanded':
      return new WindowedWriter(new TableWindow(io, format === 'expanded'))
    default:
      return format satisfies never
  }
}

/** Writes a thousand rows at a time. */
interface RowWindow {
  write(rows: readonly IonValue[]): void
}

class WindowedWriter implements RowWriter {
  readonly #window: RowWindow
  #waiting: IonValue[] = []

  constructor(window: RowWindow) {
    this.#window = window
  }

  add(row: IonValue): void {
    this.#waiting.push(readableValue(row))
    if (this.#waiting.length === WINDOW_ROWS) this.end()
  }

  end(): void {
    if (this.#waiting.length === 0) return
    const rows = this.#waiting
    this.#waiting = []
    this.#window.write(rows)
  }
}

/** Tables: the first window decides on the form; a later one goes on under it unless it has other columns. */
class TableWindow implements RowWindow {
  readonly #io: Io
  #isExpanded: boolean
  #header: readonly Column[] = []
  #widths: readonly number[] | undefined
  #count = 0

  constructor(io: Io, isExpanded: boolean) {
    this.#io = io
    this.#isExpanded = isExpanded
  }

  write(rows: readonly IonValue[]): void {
    const columns = columnsOf(rows)
    const goesOn = this.#widths !== undefined && columns.every((column) => this.#has(column))
    const header = goesOn ? this.#header : columns
    const cells = rows.map((row) => header.map((column) => cellOf(row, column)))
    const names = header.map(({ name }) => printable(name))
    const widths = goesOn ? this.#widths! : columnWidths(names, cells)
    if (this.#widths === undefined && tableWidth(widths) > this.#io.columns) this.#isExpanded = true
    if (this.#isExpanded) {
      this.#io.write(`${expandedTable(names, cells, this.#count + 1)}\n`)
    } else {
      if (!goesOn) this.#io.write(`${tableHeader(names, widths)}\n`)
      this.#io.write(`${tableRows(cells, widths)}\n`)
    }
    this.#header = header
    this.#widths = widths
    this.#count += rows.length
  }

  #has({ name, occurrence }: Column): boolean {
    return this.#header.some((column) => column.name === name && column.occurrence === occurrence)
  }
}

function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + 3, -1)
}

/** RFC 4180; fields that the first thousand rows did not have are left out. */
class CsvWindow implements RowWindow {
  readonly #io: Io
  #header: readonly Column[] | undefined

  constructor(io: Io) {
    this.#io = io
  }

  write(rows: readonly IonValue[]): void {
    const header = this.#header ?? columnsOf(rows)
    if (this.#header === undefined) this.#line(header.map(({ name }) => name))
    this.#header = header
    for (const row of rows) {
      this.#line(
        header.map((column) => {
          const value = fieldOf(row, column)
          if (value === undefined) return ''
          return typeof value === 'string' ? value : ionToJson(value).replace(/^"(.*)"$/s, '$1')
        }),
      )
    }
  }

  #line(cells: readonly string[]): void {
    const { isTerminal } = this.#io
    const quoted = cells.map((cell) => {
      const text = isTerminal ? printableLines(cell) : cell
      return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
    })
    this.#io.write(`${quoted.join(',')}\r\n`)
  }
}

/** A column: the fields of one name, and which of them where a struct has the name more than once. */
interface Column {
  readonly name: string
  /** From 0. */
  readonly occurrence: number
}

/**
 * Columns of structs: the union of their fields. A field that is first seen in a later row stands behind the field that
 * is in front of it there, or last, so that rows of one kind keep their order. A field that stands twice in one row, as a join of
 * two tables gives it, has two columns.
 */
function columnsOf(rows: readonly IonValue[]): Column[] {
  const columns: Column[] = []
  const known = new Map<string, Column>()
  for (const row of rows) {
    let previous: Column | undefined
    const counts = new Map<string, number>()
    for (const name of row instanceof IonStruct ? row.fields.map((field) => field.name) : [NO_NAME]) {
      const occurrence = counts.get(name) ?? 0
      counts.set(name, occurrence + 1)
      const key = `${occurrence} ${name}`
      let column = known.get(key)
      if (column === undefined) {
        column = { name, occurrence }
        known.set(key, column)
        columns.splice(previous === undefined ? columns.length : columns.indexOf(previous) + 1, 0, column)
      }
      previous = column
    }
  }
  return columns
}

/** The column of rows that are no structs. */
const NO_NAME = '_1'

/** Rows as a table; expanded when asked for, or when a table would not fit the terminal. */
export function renderTable(rows: readonly IonValue[], isExpanded: boolean, columns: number): string {
  const header = columnsOf(rows)
  const names = header.map(({ name }) => printable(name))
  const cells = rows.map((row) => header.map((column) => cellOf(row, column)))
  if (!isExpanded) {
    const table = textTable(names, cells)
    if (displayWidth(table.split('\n')[1]!) <= columns) return table
  }
  return expandedTable(names, cells)
}

function fieldOf(row: IonValue, { name, occurrence }: Column): IonValue | undefined {
  if (!(row instanceof IonStruct)) return name === NO_NAME && occurrence === 0 ? row : undefined
  if (occurrence === 0) return row.get(name)
  return row.fields.filter((field) => field.name === name)[occurrence]?.value
}

function cellOf(row: IonValue, column: Column): Cell | undefined {
  const value = fieldOf(row, column)
  if (value === undefined) return undefined
  return { text: printable(typeof value === 'string' ? value : printText(value)), isNumber: isNumeric(value) }
}

function isNumeric(value: IonValue): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal || value instanceof IonFloat
}
