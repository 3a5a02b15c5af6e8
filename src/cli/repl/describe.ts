import { IonList, IonStruct, type IonValue, typeOf } from '../../ion/index.ts'
import { formatCount } from '../../verify/index.ts'
import { UsageError } from '../exit-code.ts'
import { printable, textTable } from '../text-table.ts'
import type { ReplSession } from './session.ts'

/** How many documents are looked at for the fields of a table. */
const SAMPLE_SIZE = 1000

/** One row of `information_schema.user_tables`. */
export interface TableDescription {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly indexes: readonly IndexDescription[]
}

/** An index as a row of `information_schema.user_tables` shows it. */
interface IndexDescription {
  readonly id: string
  readonly field: string
  readonly status: string
  readonly isUnique: boolean
}

/** Every table, dropped ones too, by name. */
export async function listTables(session: ReplSession): Promise<TableDescription[]> {
  const rows = await session.look('SELECT * FROM information_schema.user_tables')
  return rows.map(describeTable).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

function describeTable(row: IonValue): TableDescription {
  const indexes = row instanceof IonStruct ? row.get('indexes') : undefined
  const items = indexes instanceof IonList ? indexes.items : []
  return {
    id: textField(row, 'tableId'),
    name: textField(row, 'name'),
    status: textField(row, 'status'),
    indexes: items.map((index) => ({
      id: textField(index, 'indexId'),
      field: textField(index, 'expr').slice(1, -1),
      status: textField(index, 'status'),
      isUnique: index instanceof IonStruct && index.get('unique') === true,
    })),
  }
}

function textField(struct: IonValue, name: string): string {
  const value = struct instanceof IonStruct ? struct.get(name) : undefined
  return typeof value === 'string' ? value : ''
}

/** `\d` and `\dt`: the tables with their indexes. */
export async function showTables(session: ReplSession): Promise<void> {
  const tables = await listTables(session)
  if (tables.length === 0) {
    session.say('There are no tables yet. Make one with: CREATE TABLE Vehicle')
    return
  }
  const rows = tables.map(({ name, status, indexes, id }) => [
    cell(name),
    cell(indexes.map(({ field, isUnique }) => (isUnique ? `${field} (unique)` : field)).join(', ')),
    cell(status.toLowerCase()),
    cell(id),
  ])
  session.say(textTable(['table', 'indexes', 'status', 'id'], rows))
}

/**
 * `\d TABLE`: how many documents, which indexes, and the fields of the first thousand documents.
 *
 * @throws {UsageError} when there is no such table
 */
export async function showTable(session: ReplSession, name: string): Promise<void> {
  const tables = await listTables(session)
  const table = findTable(tables, name)
  const quoted = quoteName(table.name)
  const [count] = await session.look(`SELECT VALUE COUNT(*) FROM ${quoted}`)
  const fields = await fieldsSeen(session, table.name, SAMPLE_SIZE)
  const documents = countDocuments(Number(count))
  session.say(`${session.bold(`Table ${printable(table.name)}`)}   ${documents}   id ${table.id}`)
  session.say('')
  if (table.indexes.length === 0) session.say('No indexes.')
  else {
    const rows = table.indexes.map(({ id, field, status, isUnique }) => [
      cell(field),
      cell(id),
      cell(isUnique ? `${status.toLowerCase()}, unique` : status.toLowerCase()),
    ])
    session.say(textTable(['index on', 'id', 'status'], rows))
  }
  if (fields.size === 0) return
  session.say('')
  const isAll = Number(count) <= SAMPLE_SIZE
  const rows = [...fields].map(([field, { types, count: seen }]) => [
    cell(field),
    cell([...types].join(', ')),
    { text: formatCount(seen), isNumber: true },
  ])
  session.say(textTable(['field', 'types', isAll ? 'documents' : `of the first ${formatCount(SAMPLE_SIZE)}`], rows))
}

/** The active table of that name; failing that, the only one that differs in case. @throws {UsageError} */
function findTable(tables: readonly TableDescription[], name: string): TableDescription {
  const active = tables.filter(({ status }) => status === 'ACTIVE')
  const wanted = name.replace(/^"(.*)"$/, '$1')
  const exact = active.find((table) => table.name === wanted)
  if (exact !== undefined) return exact
  const near = active.filter((table) => table.name.toLowerCase() === wanted.toLowerCase())
  if (near.length === 1) return near[0]!
  throw new UsageError(`There is no table "${printable(wanted)}". \\d lists the tables.`)
}

interface SeenField {
  readonly types: Set<string>
  /** In how many documents. */
  count: number
}

/** The top-level fields of a table's first documents, in the order in which they are seen. */
export async function fieldsSeen(
  session: ReplSession,
  table: string,
  sampleSize: number,
): Promise<Map<string, SeenField>> {
  const fields = new Map<string, SeenField>()
  const documents = session.look(`SELECT VALUE d FROM ${quoteName(table)} AS d LIMIT ${sampleSize}`)
  for await (const document of documents) {
    if (!(document instanceof IonStruct) || session.signal.aborted) continue
    for (const { name, value } of document.fields) {
      const seen = fields.get(name) ?? { types: new Set<string>(), count: 0 }
      seen.types.add(typeOf(value))
      seen.count++
      fields.set(name, seen)
    }
  }
  return fields
}

/** A name as a statement takes it without doubt. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function countDocuments(count: number): string {
  return count === 1 ? '1 document' : `${formatCount(count)} documents`
}

function cell(text: string): { text: string; isNumber: boolean } {
  return { text: printable(text), isNumber: false }
}
