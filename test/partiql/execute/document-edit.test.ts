import { describe, expect, test } from 'vitest'
import { type IonStruct, parseOne, printText } from '../../../src/ion/index.ts'
import { type DocumentEdit, editDocument } from '../../../src/partiql/execute/document-edit.ts'

function edited(document: string, ...edits: DocumentEdit[]): string | undefined {
  const before = parseOne(document) as IonStruct
  const result = editDocument(before, edits)
  expect(printText(before)).toBe(printText(parseOne(document)))
  return result && printText(result)
}

describe('editing a document', () => {
  test('sets, adds and removes fields, keeping the order of the others', () => {
    expect(edited('{a: 1, b: 2, c: 3}', { kind: 'set', path: ['b'], value: 9 })).toBe('{a:1,b:9,c:3}')
    expect(edited('{a: 1}', { kind: 'set', path: ['x', 'y'], value: 9 })).toBe('{a:1,x:{y:9}}')
    expect(edited('{a: 1, b: 2}', { kind: 'remove', path: ['a'] })).toBe('{b:2}')
    expect(edited('{a: 1, a: 2}', { kind: 'remove', path: ['a'] })).toBe('{}')
    expect(edited('{a: 1}', { kind: 'set', path: ['a'], value: undefined })).toBe('{}')
  })

  test('removing several elements of a list does not move the places of the others', () => {
    const removals: DocumentEdit[] = [0, 2, 3].map((place) => ({ kind: 'remove', path: ['l', place] }))
    expect(edited('{l: [10, 11, 12, 13, 14]}', ...removals)).toBe('{l:[11,14]}')
    expect(edited('{l: [1]}', { kind: 'remove', path: ['l', 5] })).toBe('{l:[1]}')
  })

  test('looks through annotations and keeps them', () => {
    expect(edited('{a: x::{b: 1}}', { kind: 'set', path: ['a', 'b'], value: 2 })).toBe('{a:x::{b:2}}')
    expect(edited('{a: x::[1]}', { kind: 'insert', path: ['a'], value: 2, at: undefined })).toBe('{a:x::[1,2]}')
  })

  test('inserts into lists and structs', () => {
    expect(edited('{l: [1, 2]}', { kind: 'insert', path: ['l'], value: 9, at: 1 })).toBe('{l:[1,9,2]}')
    expect(edited('{s: {}}', { kind: 'insert', path: ['s'], value: 9, at: 'k' })).toBe('{s:{k:9}}')
  })

  test.each<[string, DocumentEdit, string]>([
    ['{a: 1}', { kind: 'set', path: ['a', 'b'], value: 1 }, '.b cannot be reached: a is no struct'],
    ['{a: [1]}', { kind: 'set', path: ['a', 4], value: 1 }, '[4] cannot be reached: a has 1 elements'],
    ['{a: 1}', { kind: 'set', path: ['a', 0], value: 1 }, '[0] cannot be reached: a is no list'],
    ['{a: 1}', { kind: 'insert', path: ['a'], value: 1, at: undefined }, 'there is no list or struct'],
    ['{a: [1]}', { kind: 'insert', path: ['a'], value: 1, at: 7 }, 'a place from 0 to 1'],
    ['{a: {b: 1}}', { kind: 'insert', path: ['a'], value: 1, at: 'b' }, 'is there already'],
    ['{a: {b: 1}}', { kind: 'insert', path: ['a'], value: 1, at: undefined }, "needs AT 'name'"],
    ['{a: 1}', { kind: 'set', path: [], value: 5 }, 'must stay a struct'],
  ])('refuses what cannot be: %s', (document, edit, message) => {
    expect(() => edited(document, edit)).toThrow(message)
  })

  test('removing the document itself gives undefined', () => {
    expect(edited('{a: 1}', { kind: 'set', path: ['a'], value: 2 }, { kind: 'remove', path: [] })).toBeUndefined()
  })
})
