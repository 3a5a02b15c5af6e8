import { describe, expect, it } from 'vitest'
import { FormatError } from '../../src/errors.ts'
import {
  encodeValue,
  IonAnnotated,
  IonList,
  IonSymbol,
  type IonValue,
  parseOne,
  parseText,
  printText,
  readStream,
  SymbolTable,
  writeStream,
} from '../../src/ion/index.ts'

const MARKER = [0xe0, 0x01, 0x00, 0xea]

/** A stream from text: symbol tables and values as they stand, `$10` and so on written `SID(10)`. */
function stream(...parts: (string | readonly number[])[]): Uint8Array {
  const system = SymbolTable.system()
  return Uint8Array.from(
    [MARKER, ...parts].flatMap((part) =>
      typeof part === 'string' ? [...encodeValue(parseOneTable(part), system)] : [...part],
    ),
  )
}

/** ion-js keeps symbol tables to itself, so the text is parsed without the annotation that makes it one. */
function parseOneTable(text: string): IonValue {
  const [, before, rest] = /^(.*?)\$ion_symbol_table::(.*)$/.exec(text)!
  const value = parseOne(`${before}name::${rest}`) as IonAnnotated
  const place = before === '' ? 0 : 1
  return new IonAnnotated(value.annotations.with(place, '$ion_symbol_table'), value.value)
}

function symbol(sid: number): number[] {
  return sid < 256 ? [0x71, sid] : [0x72, sid >> 8, sid & 255]
}

function printed(bytes: Uint8Array): string {
  return readStream(bytes)
    .map((value) => printText(value))
    .join(' ')
}

describe('readStream', () => {
  it('reads streams without values', () => {
    expect(readStream(stream())).toEqual([])
    expect(readStream(stream([0x00], [0x02, 1, 2], MARKER))).toEqual([])
  })

  it('lets a table replace the one before, or append to it', () => {
    expect(
      printed(
        stream(
          '$ion_symbol_table::{symbols:["a","b"]}',
          symbol(10),
          '$ion_symbol_table::{imports:$ion_symbol_table,symbols:["c"]}',
          symbol(10),
          symbol(12),
          '$ion_symbol_table::{symbols:["d"]}',
          symbol(10),
          MARKER,
          symbol(4),
        ),
      ),
    ).toBe('a a c d name')
  })

  it('forgets the table at a version marker', () => {
    expect(() => readStream(stream('$ion_symbol_table::{symbols:["a"]}', MARKER, symbol(10)))).toThrow(FormatError)
    expect(() => readStream(stream('$ion_symbol_table::{symbols:["a"]}', '$ion_symbol_table::{}', symbol(10)))).toThrow(
      FormatError,
    )
  })

  it('keeps values readable after their table was appended to', () => {
    const values = readStream(
      stream(
        '$ion_symbol_table::{symbols:["a"]}',
        [0xb2, 0x71, 10],
        '$ion_symbol_table::{imports:$ion_symbol_table,symbols:["b"]}',
        [0xb2, 0x71, 11],
      ),
    )
    expect(values.map((value) => printText(value))).toEqual(['[a]', '[b]'])
  })

  // The files of ion-tests on this are text that ion-js cannot read: equivs/localSymbolTableNullSlots and ...WithAnnotations.
  it('gives list elements that are no strings a sid without text', () => {
    const table = '$ion_symbol_table::{symbols:["s1",null.string,42,name,"s3"]}'
    expect(printed(stream(table, symbol(10), symbol(11), symbol(12), symbol(13), symbol(14)))).toBe('s1 $0 $0 $0 s3')
  })

  it('reads tables with annotations inside and out', () => {
    expect(printed(stream('$ion_symbol_table::name::{symbols:version::["a",name::"b"]}', symbol(10), symbol(11)))).toBe(
      'a b',
    )
    expect(printed(stream('name::$ion_symbol_table::{symbols:["a"]}'))).toBe('name::$ion_symbol_table::{symbols:["a"]}')
  })

  it('counts the symbols of shared tables that are not there, as symbols without text', () => {
    const table = '$ion_symbol_table::{imports:[{name:"foo",version:1,max_id:3},{name:"bar",max_id:0}],symbols:["a"]}'
    expect(printed(stream(table, symbol(10), symbol(12), symbol(13)))).toBe('$0 $0 a')
    expect(() => readStream(stream(table, symbol(14)))).toThrow(FormatError)
    const system = '$ion_symbol_table::{imports:[{name:"$ion",version:1,max_id:9},{name:""},7,null],symbols:["a"]}'
    expect(printed(stream(system, symbol(10)))).toBe('a')
  })

  it.each([
    '$ion_symbol_table::{imports:[{name:"foo"}]}',
    '$ion_symbol_table::{imports:[{name:"foo",max_id:null.int}]}',
    '$ion_symbol_table::{imports:[{name:"foo",max_id:-1}]}',
    '$ion_symbol_table::{imports:[{name:"foo",max_id:1e0}]}',
    '$ion_symbol_table::{imports:[{name:"foo",max_id:1000000000000}]}',
    '$ion_symbol_table::{symbols:["a"],symbols:["b"]}',
    '$ion_symbol_table::{imports:[],imports:[]}',
  ])('refuses %s', (table) => {
    expect(() => readStream(stream(table))).toThrow(expect.objectContaining({ name: 'FormatError', code: 'BAD_ION' }))
  })

  it('passes over the symbol $ion_1_0, as ion-tests ask', () => {
    expect(
      printed(stream(symbol(2), [0x21, 1], '$ion_symbol_table::{symbols:["$ion_1_0"]}', symbol(10), [0x21, 2])),
    ).toBe('1 2')
  })

  it.each([
    ['nothing', []],
    ['text', [...Buffer.from('{a:1}')]],
    ['a marker cut short', MARKER.slice(0, 3)],
    ['another version', [0xe0, 0x01, 0x01, 0xea]],
    ['another version later on', [...MARKER, 0x20, 0xe0, 0x02, 0x00, 0xea]],
    ['a value cut short', [...MARKER, 0x82, 0x61]],
    ['damage deep inside', [...MARKER, 0xb3, 0xb2, 0x71, 0x7f]],
    ['text that is no UTF-8', [...MARKER, 0x81, 0xff]],
  ])('refuses %s', (_, bytes) => {
    expect(() => readStream(Uint8Array.from(bytes))).toThrow(
      expect.objectContaining({ name: 'FormatError', code: 'BAD_ION' }),
    )
  })
})

describe('writeStream', () => {
  it('writes no symbol table when no name needs one', () => {
    expect(writeStream([])).toEqual(Uint8Array.from(MARKER))
    expect(writeStream([1, new IonSymbol('name')])).toEqual(Uint8Array.from([...MARKER, 0x21, 1, 0x71, 4]))
  })

  it('writes one table for all values', () => {
    const values = parseText('{vin:"X"} owner::{owner:a} [a,vin]')
    expect(printed(writeStream(values))).toBe('{vin:"X"} owner::{owner:a} [a,vin]')
  })

  it('keeps symbols without text', () => {
    expect(printed(writeStream([new IonSymbol(undefined)]))).toBe('$0')
  })

  it('refuses what would steer the stream instead of being a value', () => {
    expect(() => writeStream([new IonSymbol('$ion_1_0')])).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }))
    expect(() => writeStream([parseOneTable('$ion_symbol_table::{symbols:["a"]}')])).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE' }),
    )
    expect(printed(writeStream([new IonList([parseOneTable('$ion_symbol_table::{a:1}')])]))).toBe(
      '[$ion_symbol_table::{a:1}]',
    )
  })
})
