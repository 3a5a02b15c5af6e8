import { Decimal, IonFloat, IonStruct, type IonValue, printText } from '../ion/index.ts'
import type { Io } from './io.ts'
import { ionToJson } from './ion-json.ts'
import { type Cell, displayWidth, expandedTable, printable, textTable } from './text-table.ts'

/** How rows are shown: a table for people; Ion, JSON lines or CSV for programs. */
export type ResultFormat = 'table' | 'expanded' | 'ion' | 'json' | 'csv'

/** Rows that a table measures before it draws them; those after come in further tables. */
const TABLE_ROWS = 1000

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
 * @returns how many rows there were
 */
export async function writeRows(rows: AsyncIterable<IonValue>, format: ResultFormat, io: Io): Promise<number> {
  let count = 0
  let waiting: IonValue[] = []
  let header: string[] | undefined
  const flush = (): void => {
    if (waiting.length === 0) return
    if (format === 'csv') {
      header = writeCsv(waiting, header, io)
    } else {
      io.write(`${renderTable(waiting, format === 'expanded', io.columns)}\n`)
    }
    waiting = []
  }
  for await (const row of rows) {
    count++
    if (format === 'ion') {
      io.write(`${printText(row)}\n`)
    } else if (format === 'json') {
      io.write(`${ionToJson(row)}\n`)
    } else {
      waiting.push(row)
      if (waiting.length === TABLE_ROWS) flush()
    }
  }
  flush()
  return count
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
  const cells = rows.map((row) => header.map((name) => cellOf(row, name)))
  if (!isExpanded) {
    const shown = cells.map((row) => row.map((cell) => cell ?? { text: '', isNumber: false }))
    const table = textTable(header.map(printable), shown)
    const width = Math.max(...table.split('\n', 3).map(displayWidth))
    if (width <= columns || rows.length > 100) return table
  }
  return expandedTable(header.map(printable), cells as readonly (readonly Cell[])[])
}

function cellOf(row: IonValue, name: string): Cell | undefined {
  const value = row instanceof IonStruct ? row.get(name) : name === '_1' ? row : undefined
  if (value === undefined) return undefined
  return { text: printable(typeof value === 'string' ? value : printText(value)), isNumber: isNumeric(value) }
}

function isNumeric(value: IonValue): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal || value instanceof IonFloat
}

/** RFC 4180; fields that the first rows did not have are left out. */
function writeCsv(rows: readonly IonValue[], known: string[] | undefined, io: Io): string[] {
  const header = known ?? columnsOf(rows)
  const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  if (known === undefined) io.write(`${header.map(quote).join(',')}\r\n`)
  for (const row of rows) {
    const cells = header.map((name) => {
      const value = row instanceof IonStruct ? row.get(name) : name === '_1' ? row : undefined
      if (value === undefined) return ''
      return typeof value === 'string' ? value : ionToJson(value).replace(/^"(.*)"$/s, '$1')
    })
    io.write(`${cells.map(quote).join(',')}\r\n`)
  }
  return header
}
