import { Decimal, IonFloat, IonStruct, type IonValue, printText } from '../ion/index.ts'
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
 * JSON lines or CSV for programs.
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
      return { add: (row) => io.write(`${printableLines(ionToJson(row))}\n`), end: () => {} }
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
    this.#waiting.push(row)
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
  #header: readonly string[] = []
  #widths: readonly number[] | undefined
  #count = 0

  constructor(io: Io, isExpanded: boolean) {
    this.#io = io
    this.#isExpanded = isExpanded
  }

  write(rows: readonly IonValue[]): void {
    const columns = columnsOf(rows)
    const goesOn = this.#widths !== undefined && columns.every((name) => this.#header.includes(name))
    const header = goesOn ? this.#header : columns
    const cells = rows.map((row) => header.map((name) => cellOf(row, name)))
    const names = header.map(printable)
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
}

function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + 3, -1)
}

/** RFC 4180; fields that the first thousand rows did not have are left out. */
class CsvWindow implements RowWindow {
  readonly #io: Io
  #header: readonly string[] | undefined

  constructor(io: Io) {
    this.#io = io
  }

  write(rows: readonly IonValue[]): void {
    const header = this.#header ?? columnsOf(rows)
    if (this.#header === undefined) this.#line(header)
    this.#header = header
    for (const row of rows) {
      this.#line(
        header.map((name) => {
          const value = fieldOf(row, name)
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

/** Columns of structs: the union of their fields in the order in which they are first seen. */
function columnsOf(rows: readonly IonValue[]): string[] {
  const names = new Set<string>()
  for (const row of rows) {
    if (row instanceof IonStruct) for (const { name } of row.fields) names.add(name)
    else names.add('_1')
  }
  return [...names]
}

/** Rows as a table; expanded when asked for, or when a table would not fit the terminal. */
export function renderTable(rows: readonly IonValue[], isExpanded: boolean, columns: number): string {
  const header = columnsOf(rows)
  const names = header.map(printable)
  const cells = rows.map((row) => header.map((name) => cellOf(row, name)))
  if (!isExpanded) {
    const table = textTable(names, cells)
    if (displayWidth(table.split('\n')[1]!) <= columns) return table
  }
  return expandedTable(names, cells)
}

function fieldOf(row: IonValue, name: string): IonValue | undefined {
  return row instanceof IonStruct ? row.get(name) : name === '_1' ? row : undefined
}

function cellOf(row: IonValue, name: string): Cell | undefined {
  const value = fieldOf(row, name)
  if (value === undefined) return undefined
  return { text: printable(typeof value === 'string' ? value : printText(value)), isNumber: isNumeric(value) }
}

function isNumeric(value: IonValue): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal || value instanceof IonFloat
}
