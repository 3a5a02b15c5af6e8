import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FormatError } from '../../src/errors.ts'
import {
  equals,
  IonAnnotated,
  IonList,
  IonSexp,
  IonStruct,
  type IonValue,
  parseText,
  printText,
  readStream,
  type Timestamp,
  writeStream,
} from '../../src/ion/index.ts'
import { ionJsRead } from './ion-js.ts'

/*
 * The test files of the Ion project (amazon-ion/ion-tests, iontestdata): good ones must be read, bad ones refused, equivs be
 * equal and non-equivs not. Known failures are listed with their reason; one that passes must leave the list.
 */

const ROOT = join(import.meta.dirname, '../../../shared/ion-tests/iontestdata')
const isThere = existsSync(ROOT)

/** Good text that ion-js, which reads text for us, cannot read. */
const UNREADABLE_TEXT: Readonly<Record<string, string>> = {
  'good/decimalsWithUnderscores.ion': 'ion-js knows no underscores in numbers',
  'good/floatsWithUnderscores.ion': 'ion-js knows no underscores in numbers',
  'good/intsWithUnderscores.ion': 'ion-js knows no underscores in numbers',
  'good/equivs/decimalsWithUnderscores.ion': 'ion-js knows no underscores in numbers',
  'good/equivs/floatsWithUnderscores.ion': 'ion-js knows no underscores in numbers',
  'good/equivs/intsWithUnderscores.ion': 'ion-js knows no underscores in numbers',
  'good/intBinary.ion': 'ion-js knows no binary ints (0b101)',
  'good/equivs/binaryInts.ion': 'ion-js knows no binary ints (0b101)',
  'good/symbolZero.ion': 'ion-js knows no symbols without text in text',
}

/** Bad text that ion-js does not refuse. */
const ACCEPTED_TEXT: Readonly<Record<string, string>> = {
  'bad/localSymbolTableImportNullMaxId.ion': 'ion-js takes an import of an unknown table with max_id null.int as empty',
}

/** ion-js reads padding as null and no symbols without text, so these are held against what their bytes say. */
const VALUES: Readonly<Record<string, string>> = {
  'good/emptyThreeByteNopPad.10n': '',
  'good/equivs/nopPadEmptyStruct.10n': '({} {} {})',
  'good/equivs/nopPadNonEmptyStruct.10n': '({name:true} {name:true} {name:true})',
  'good/nopPad16Bytes.10n': '',
  'good/nopPadInsideEmptyStructNonZeroSymbolId.10n': '{}',
  'good/nopPadInsideEmptyStructZeroSymbolId.10n': '{}',
  'good/nopPadInsideStructWithNopPadThenValueNonZeroSymbolId.10n': '{name:true}',
  'good/nopPadInsideStructWithNopPadThenValueZeroSymbolId.10n': '{name:true}',
  'good/nopPadInsideStructWithValueThenNopPad.10n': '{name:true}',
  'good/nopPadOneByte.10n': '',
  'good/symbolExplicitZero.10n': '$0',
  'good/symbolImplicitZero.10n': '$0',
  'good/typecodes/T0.10n': 'null',
  'good/typecodes/T7-large.10n': '$0 $0 $0 $0 $0 $0 $0 $0 $0 $0',
  'good/typecodes/T7-small.10n': '$0 $0 $0 $0 $0 null.symbol',
  'good/typecodes/T11.10n': `${'[] '.repeat(15)}null.list`,
  'good/typecodes/T12.10n': `${'() '.repeat(15)}null.sexp`,
  'good/valueBetweenNopPads.10n': 'null',
  'good/valueFollowedByNopPad.10n': 'null',
  'good/valuePrecededByNopPad.10n': 'null',
}

/** Equivalences that ion-js does not see in text. stream.test.ts has the ones about symbol tables in binary. */
const UNEQUAL_TEXT: Readonly<Record<string, string>> = {
  'good/equivs/clobNewlines.ion': 'ion-js takes an escaped CR for a character',
  'good/equivs/textNewlines.ion': 'ion-js takes an escaped CR for a character',
  'good/equivs/longStringsWithComments.ion': 'ion-js does not join long strings across comments',
  'good/equivs/localSymbolTableNullSlots.ion': 'ion-js refuses symbol lists with elements that are no strings',
  'good/equivs/localSymbolTableWithAnnotations.ion': 'ion-js wants $ion_symbol_table to be the only annotation',
  'good/equivs/nonIVMNoOps.ion': "ion-js takes '$ion_1_0' for a version marker only in some of its forms",
}

/** Differences that ion-js cannot show. */
const UNREADABLE_NON_EQUIVS: Readonly<Record<string, string>> = {
  'good/non-equivs/symbolTablesUnknownText.ion': 'ion-js ignores an import of a table it does not have',
}

function filesOf(folder: string, extension: string): string[] {
  if (!isThere) return []
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(extension))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .sort()
}

/** A text file as a string. Two files are in UTF-16 and UTF-32, big-endian, and start with `{`. */
function textOf(file: string): string {
  const bytes = readFileSync(join(ROOT, file))
  if (bytes[0] !== 0) return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  if (bytes[1] !== 0) return new TextDecoder('utf-16be', { fatal: true }).decode(bytes)
  let text = ''
  for (let at = 0; at < bytes.length; at += 4) text += String.fromCodePoint(bytes.readUInt32BE(at))
  return text
}

function valuesOf(file: string): IonValue[] {
  return file.endsWith('.10n') ? readStream(readFileSync(join(ROOT, file))) : parseText(textOf(file))
}

function printed(values: readonly IonValue[]): string[] {
  return values.map((value) => printText(value))
}

function expectSame(found: readonly IonValue[], expected: readonly IonValue[]): void {
  expect(printed(found)).toEqual(printed(expected))
  expect(found.every((value, i) => equals(value, expected[i]!))).toBe(true)
}

if (!isThere) it.skip(`ion-tests: skipped, because ${ROOT} is not there`, () => {})

describe.runIf(isThere)('ion-tests', () => {
  const goodBinary = filesOf('good', '.10n')
  const goodText = filesOf('good', '.ion')

  it('has as many files as when this was written', () => {
    expect(goodBinary.length).toBe(87)
    expect(goodText.length).toBe(202)
    expect(filesOf('bad', '.10n').length + filesOf('bad', '.ion').length).toBe(496)
  })

  it.each(goodBinary)('reads %s as ion-js does, and writes it back', (file) => {
    const values = valuesOf(file)
    expectSame(readStream(writeStream(values)), values)
    const expected = VALUES[file]
    if (expected !== undefined) {
      expect(printed(values).join(' ')).toBe(expected)
    } else if (file === 'good/item1.10n') {
      // Symbols of a shared table that is not there: ion-js gives up.
      expect(printed(values)[0]).toMatch(/^\$0::\{\$0:1,\$0:"BT00DCN9OK",.*\$0:2010-09-10T19:59:51Z.*,version:2\}$/)
    } else {
      expectSame(values, ionJsRead(readFileSync(join(ROOT, file))))
    }
  })

  it.each(filesOf('bad', '.10n'))('refuses %s', (file) => {
    expect(() => valuesOf(file)).toThrow(FormatError)
  })

  it.each(goodText)('reads %s, and back from what it prints and writes', (file) => {
    if (file in UNREADABLE_TEXT) {
      expect(() => valuesOf(file)).toThrow(FormatError)
      return
    }
    const values = valuesOf(file)
    for (const value of values) {
      expectSame(parseText(printText(value)), [value])
      expectSame(parseText(printText(value, { pretty: true })), [value])
    }
    expectSame(readStream(writeStream(values)), values)
  })

  it.each(filesOf('bad', '.ion'))('refuses %s', (file) => {
    if (file in ACCEPTED_TEXT) {
      expect(() => valuesOf(file)).not.toThrow()
    } else if (file.startsWith('bad/utf8/') || file === 'bad/clobWithNonAsciiCharacter.ion') {
      expect(() => valuesOf(file)).toThrow() // Not UTF-8: refused before there is text to parse.
    } else {
      expect(() => valuesOf(file)).toThrow(FormatError)
    }
  })

  /** The groups of a file of equivalences: containers of values, or of whole documents as text. */
  function groupsOf(file: string): IonValue[][] {
    return valuesOf(file).map((group) => {
      const isEmbedded = group instanceof IonAnnotated && group.annotations.includes('embedded_documents')
      const container = group instanceof IonAnnotated ? group.value : group
      if (container instanceof IonStruct) return container.fields.map((field) => field.value)
      if (!(container instanceof IonList || container instanceof IonSexp))
        throw new Error(`${file}: a group is no container`)
      return isEmbedded
        ? container.items.map((document) => new IonList(parseText(document as string)))
        : [...container.items]
    })
  }

  const isEquivs = (file: string) => /\/(non-)?equivs\//.test(file) && !(file in UNREADABLE_TEXT)
  const equivs = [...goodText, ...goodBinary].filter(isEquivs)

  /** Every pair of a group, as [text, text, equal]. */
  function pairsOf(group: readonly IonValue[]): [string, string, boolean][] {
    return group.flatMap((a, i) =>
      group.slice(i + 1).map((b): [string, string, boolean] => [printText(a), printText(b), equals(a, b)]),
    )
  }

  it.each(equivs.filter((file) => !file.includes('non-equivs')))('finds the groups of %s equal', (file) => {
    const find = () =>
      groupsOf(file)
        .flatMap(pairsOf)
        .filter(([, , isEqual]) => !isEqual)
    if (file in UNEQUAL_TEXT) {
      expect(() => expect(find()).toEqual([])).toThrow()
    } else {
      expect(find()).toEqual([])
    }
  })

  it.each(equivs.filter((file) => file.includes('non-equivs')))('finds the members of %s different', (file) => {
    const find = () =>
      groupsOf(file)
        .flatMap(pairsOf)
        .filter(([, , isEqual]) => isEqual)
    if (file in UNREADABLE_NON_EQUIVS) {
      expect(() => expect(find()).toEqual([])).toThrow()
    } else {
      expect(find()).toEqual([])
    }
  })

  it.each(filesOf('good/timestamp/equivTimeline', '.ion'))('finds the instants of %s the same', (file) => {
    for (const group of groupsOf(file)) {
      for (const a of group) for (const b of group) expect((a as Timestamp).compare(b as Timestamp)).toBe(0)
    }
  })
})
