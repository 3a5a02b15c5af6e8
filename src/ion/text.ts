import { makeReader, type Reader } from 'ion-js'
import { FormatError } from '../errors.ts'
import { encodeBase64 } from '../hash/index.ts'
import { Decimal } from './decimal.ts'
import { restoreFastStrings } from './fast-strings.ts'
import { MAX_DEPTH } from './head.ts'
import { NO_TEXT } from './symbol-table.ts'
import { Timestamp } from './timestamp.ts'
import {
  IonAnnotated,
  type IonBareValue,
  IonBlob,
  IonClob,
  type IonField,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonType,
  type IonValue,
} from './value.ts'

restoreFastStrings()

/**
 * Reads all values of Ion text, none for empty text. The grammar is ion-js's, with its limits: no symbols without text
 * (`$0`), no underscores in numbers, no binary ints (`0b1`); a struct annotated `$ion_symbol_table` steers the reader and
 * is left out, even inside another container.
 *
 * Slow (about a microsecond a character of structure); for what people type and files they bring, not for hot paths.
 *
 * @throws {FormatError} BAD_ION when the text is not Ion, or containers lie deeper in one another than 512
 */
export function parseText(text: string): IonValue[] {
  try {
    const reader = makeReader(text)
    const values: IonValue[] = []
    while (reader.next() !== null) values.push(readCurrent(reader, 0))
    return values
  } catch (cause) {
    if (cause instanceof FormatError && cause.code === 'BAD_ION') throw cause
    throw new FormatError('BAD_ION', `Not Ion text: ${cause instanceof Error ? cause.message : String(cause)}.`, {
      cause,
    })
  }
}

/**
 * Reads Ion text that is exactly one value.
 *
 * @throws {FormatError} BAD_ION when it is none, more than one, or not Ion
 */
export function parseOne(text: string): IonValue {
  const values = parseText(text)
  if (values.length !== 1) throw new FormatError('BAD_ION', `Expected one Ion value, found ${values.length}.`)
  return values[0]!
}

function readCurrent(reader: Reader, depth: number): IonValue {
  const annotations = reader.annotations()
  const value = readBare(reader, depth)
  return annotations.length === 0 ? value : new IonAnnotated(annotations, value)
}

function readBare(reader: Reader, depth: number): IonBareValue {
  const type = reader.type()!.name as IonType
  if (reader.isNull()) return IonNull.of(type)
  switch (type) {
    case 'null':
      return IonNull.of('null')
    case 'bool':
      return reader.booleanValue()!
    case 'int': {
      const value = reader.bigIntValue()!
      const number = Number(value)
      return Number.isSafeInteger(number) ? number : value
    }
    case 'float':
      return new IonFloat(reader.numberValue()!)
    case 'decimal': {
      const value = reader.decimalValue()!
      return new Decimal(value.getCoefficient(), value.getExponent(), value.isNegative())
    }
    case 'timestamp':
      return Timestamp.parse(reader.timestampValue()!.toString())
    case 'symbol':
      return new IonSymbol(reader.stringValue()!)
    case 'string':
      return reader.stringValue()!
    case 'clob':
      return new IonClob(reader.uInt8ArrayValue()!)
    case 'blob':
      return new IonBlob(reader.uInt8ArrayValue()!)
    case 'list':
      return new IonList(readItems(reader, depth + 1))
    case 'sexp':
      return new IonSexp(readItems(reader, depth + 1))
    case 'struct':
      return new IonStruct(readFields(reader, depth + 1))
  }
}

function readItems(reader: Reader, depth: number): IonValue[] {
  checkDepth(depth)
  const items: IonValue[] = []
  reader.stepIn()
  while (reader.next() !== null) items.push(readCurrent(reader, depth))
  reader.stepOut()
  return items
}

function readFields(reader: Reader, depth: number): IonField[] {
  checkDepth(depth)
  const fields: IonField[] = []
  reader.stepIn()
  while (reader.next() !== null) {
    const name = reader.fieldName()
    if (name === null) throw new FormatError('BAD_ION', 'Not Ion text: a field without a name.')
    fields.push({ name, value: readCurrent(reader, depth) })
  }
  reader.stepOut()
  return fields
}

function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw new FormatError('BAD_ION', `Containers lie deeper in one another than ${MAX_DEPTH}.`)
}

/** How {@link printText} lays out. */
export interface PrintOptions {
  /** One field or item a line, indented by two spaces; by default all on one line. */
  readonly pretty?: boolean | undefined
}

/**
 * Ion text that reads back as the same value: `{vin:"1N4AL11D75C109151",price:50.00}`. Symbols without text print as
 * `$0`.
 *
 * @throws {FormatError} BAD_ION when a container over bytes is damaged or containers lie deeper than 512
 */
export function printText(value: IonValue, options: PrintOptions = {}): string {
  const printer = new Printer(options.pretty === true)
  printer.print(value, 0)
  return printer.text
}

/** Written by hand because ion-js's writer cannot say `$0` and damages clobs with control characters. */
class Printer {
  text = ''
  private readonly isPretty: boolean

  constructor(isPretty: boolean) {
    this.isPretty = isPretty
  }

  print(value: IonValue, depth: number): void {
    if (value instanceof IonAnnotated) {
      for (const name of value.annotations) this.text += `${symbolText(name)}::`
      this.print(value.value, depth)
    } else if (value instanceof IonStruct) {
      this.printContainer('{', value.fields, ',', '}', depth, ({ name, value }) => {
        this.text += this.isPretty ? `${symbolText(name)}: ` : `${symbolText(name)}:`
        this.print(value, depth + 1)
      })
    } else if (value instanceof IonList) {
      this.printContainer('[', value.items, ',', ']', depth, (item) => this.print(item, depth + 1))
    } else if (value instanceof IonSexp) {
      this.printContainer('(', value.items, this.isPretty ? '' : ' ', ')', depth, (item) => this.print(item, depth + 1))
    } else {
      this.text += scalarText(value)
    }
  }

  private printContainer<T>(
    open: string,
    members: readonly T[],
    separator: string,
    close: string,
    depth: number,
    printMember: (member: T) => void,
  ): void {
    checkDepth(depth + 1)
    const newLine = this.isPretty && members.length > 0 ? `\n${'  '.repeat(depth)}` : ''
    const indent = newLine === '' ? '' : `${newLine}  `
    this.text += open
    for (let i = 0; i < members.length; i++) {
      this.text += i === 0 ? indent : separator + indent
      printMember(members[i]!)
    }
    this.text += newLine + close
  }
}

function scalarText(value: Exclude<IonBareValue, IonStruct | IonList | IonSexp>): string {
  if (typeof value === 'string') return `"${escaped(value, '"')}"`
  if (typeof value !== 'object') return String(value)
  if (value instanceof IonNull) return value.type === 'null' ? 'null' : `null.${value.type}`
  if (value instanceof IonFloat) return floatText(value.value)
  if (value instanceof IonSymbol) return symbolText(value.text ?? NO_TEXT)
  if (value instanceof IonBlob) return `{{${encodeBase64(value.bytes)}}}`
  if (value instanceof IonClob) return `{{"${clobText(value.bytes)}"}}`
  return value.toString()
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? '+inf' : '-inf'
  if (Object.is(value, -0)) return '-0e0'
  const text = String(value)
  return text.includes('e') ? text.replace('e+', 'e') : `${text}e0`
}

const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/
/** Identifiers that are not symbols when they stand without quotes: keywords and symbol ids. */
const NOT_BARE = /^(?:null|true|false|nan|\$\d+)$/

function symbolText(name: string): string {
  if (name === NO_TEXT) return '$0'
  return IDENTIFIER.test(name) && !NOT_BARE.test(name) ? name : `'${escaped(name, "'")}'`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\f': '\\f',
  '\r': '\\r',
  '\v': '\\v',
  '\\': '\\\\',
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what has to be escaped
const NEEDS_ESCAPE = /[\u0000-\u001f\u007f-\u009f\\"'\u2028\u2029]/g

function escaped(text: string, quote: string): string {
  return text.replace(NEEDS_ESCAPE, (character) => {
    if (character === '"' || character === "'") return character === quote ? `\\${character}` : character
    return ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

function clobText(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) {
    const character = String.fromCharCode(byte)
    if (character === '"') text += '\\"'
    else if (byte >= 0x20 && byte < 0x7f) text += ESCAPES[character] ?? character
    else text += ESCAPES[character] ?? `\\x${byte.toString(16).padStart(2, '0')}`
  }
  return text
}
