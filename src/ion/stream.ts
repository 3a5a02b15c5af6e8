import { FormatError } from '../errors.ts'
import { decodeAt, validateValue, valueEnd } from './binary-reader.ts'
import { encodeValue } from './binary-writer.ts'
import { badIon, head, isPadding, readHead } from './head.ts'
import { SymbolTable } from './symbol-table.ts'
import { IonAnnotated, type IonBareValue, IonList, IonStruct, IonSymbol, type IonValue } from './value.ts'

/** The Ion version marker that begins every stream of Ion 1.0 binary. */
const VERSION_MARKER: readonly number[] = [0xe0, 0x01, 0x00, 0xea]

/** More names than this from one import would be an attack on memory, not a table. */
const MAX_IMPORTED_NAMES = 1_000_000

/**
 * Reads a complete Ion binary stream: version marker, local symbol tables (also ones that append), padding, values.
 * Symbol tables, and the symbol `$ion_1_0`, steer the stream and are no values.
 * The values are checked to the last byte (see `validateValue`) and are views of `bytes`.
 *
 * Shared symbol tables are not at hand here: an import of one takes `max_id` sids whose text is unknown, as the Ion 1.0
 * specification asks ("Symbols", Imports); symbols of them have no text.
 *
 * @throws {FormatError} BAD_ION when the bytes are not a stream of Ion 1.0
 */
export function readStream(bytes: Uint8Array): IonValue[] {
  if (!isVersionMarker(bytes, 0)) throw badIon(0, 'a binary stream starts with e0 01 00 ea')
  const values: IonValue[] = []
  let symbols = SymbolTable.system()
  let at = 0
  while (at < bytes.length) {
    if (bytes[at] === VERSION_MARKER[0]) {
      if (!isVersionMarker(bytes, at)) throw badIon(at, 'only Ion 1.0 can be read')
      symbols = SymbolTable.system()
      at += VERSION_MARKER.length
    } else if (isPadding(bytes[at]!)) {
      readHead(bytes, at, bytes.length)
      at = head.end
    } else {
      const end = valueEnd(bytes, at)
      validateValue(bytes, symbols, at, end)
      const value = decodeAt(bytes, at, end, symbols)
      if (isSymbolTable(value)) {
        symbols = readSymbolTable(value.value as IonStruct, symbols, at)
      } else if (!isVersionSymbol(value)) {
        values.push(value)
      }
      at = end
    }
  }
  return values
}

/**
 * A complete Ion binary stream of these values: version marker, one local symbol table when names need it, the values.
 *
 * @throws {FormatError} BAD_VALUE for what a stream cannot hold as a value: a struct annotated `$ion_symbol_table` and the
 *   symbol `$ion_1_0`; also as `encodeValue`
 */
export function writeStream(values: readonly IonValue[]): Uint8Array {
  if (values.some((value) => isSymbolTable(value) || isVersionSymbol(value))) {
    throw new FormatError(
      'BAD_VALUE',
      'A struct annotated $ion_symbol_table, or the symbol $ion_1_0, would be no value of a stream. Put it in a list.',
    )
  }
  const symbols = SymbolTable.system()
  const systemSize = symbols.size
  const bodies = values.map((value) => encodeValue(value, symbols))
  const parts: Uint8Array[] = [Uint8Array.from(VERSION_MARKER)]
  const names = symbols.names(systemSize + 1)
  if (names.length > 0) {
    const table = new IonStruct([{ name: 'symbols', value: new IonList(names) }])
    parts.push(encodeValue(new IonAnnotated(['$ion_symbol_table'], table), SymbolTable.system()))
  }
  parts.push(...bodies)
  return concatenate(parts)
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  let size = 0
  for (const part of parts) size += part.length
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function isVersionMarker(bytes: Uint8Array, at: number): boolean {
  return VERSION_MARKER.every((byte, i) => bytes[at + i] === byte)
}

/** At the top of a stream a struct whose first annotation is `$ion_symbol_table` is a symbol table and no value. */
function isSymbolTable(value: IonValue): value is IonAnnotated {
  return (
    value instanceof IonAnnotated && value.annotations[0] === '$ion_symbol_table' && value.value instanceof IonStruct
  )
}

/** The version marker's symbol means nothing where it is no version marker. ion-tests, equivs/nonIVMNoOps. */
function isVersionSymbol(value: IonValue): boolean {
  return value instanceof IonSymbol && value.text === '$ion_1_0'
}

/** Ion 1.0 specification, "Symbols", Local Symbol Tables. Fields of the wrong type count as absent, as it says there. */
function readSymbolTable(struct: IonStruct, current: SymbolTable, at: number): SymbolTable {
  const imports = onlyField(struct, 'imports', at)
  const names = onlyField(struct, 'symbols', at)
  const table =
    imports instanceof IonSymbol && imports.text === '$ion_symbol_table' ? current.fork() : SymbolTable.system()
  if (imports instanceof IonList) {
    for (const item of imports.items) {
      const entry = withoutAnnotations(item)
      if (entry instanceof IonStruct) readImport(entry, table, at)
    }
  }
  if (names instanceof IonList) {
    for (const item of names.items) {
      const name = withoutAnnotations(item)
      table.append(typeof name === 'string' ? name : undefined)
    }
  }
  return table
}

function readImport(item: IonStruct, table: SymbolTable, at: number): void {
  const name = onlyField(item, 'name', at)
  if (typeof name !== 'string' || name === '' || name === '$ion') return
  const maxId = onlyField(item, 'max_id', at)
  if (typeof maxId !== 'number' || maxId < 0) {
    throw badIon(at, `the shared symbol table "${name}" is not at hand, and its import has no usable max_id`)
  }
  if (maxId > MAX_IMPORTED_NAMES) throw badIon(at, `an import of ${maxId} symbols is more than ${MAX_IMPORTED_NAMES}`)
  for (let i = 0; i < maxId; i++) table.append(undefined)
}

function onlyField(struct: IonStruct, name: string, at: number): IonBareValue | undefined {
  const found = struct.fields.filter((field) => field.name === name)
  if (found.length > 1) throw badIon(at, `a symbol table has more than one field "${name}"`)
  return found[0] && withoutAnnotations(found[0].value)
}

function withoutAnnotations(value: IonValue): IonBareValue {
  return value instanceof IonAnnotated ? value.value : value
}
