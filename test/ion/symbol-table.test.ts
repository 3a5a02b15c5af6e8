import { expect, it } from 'vitest'
import { FormatError } from '../../src/errors.ts'
import { NO_TEXT, SymbolTable } from '../../src/ion/index.ts'

it('starts with the nine symbols of Ion', () => {
  const table = SymbolTable.system()
  expect(table.size).toBe(9)
  expect([table.text(0), table.text(1), table.text(4), table.text(9), table.text(10)]).toEqual([
    undefined,
    '$ion',
    'name',
    '$ion_shared_symbol_table',
    undefined,
  ])
  expect(table.sid('symbols')).toBe(7)
  expect(table.sid('vin')).toBeUndefined()
})

it('interns a name once and keeps its sid for ever', () => {
  const table = SymbolTable.system()
  expect(['vin', 'owner', 'vin', 'name', ''].map((name) => table.intern(name))).toEqual([10, 11, 10, 4, 12])
  expect(table.names(10)).toEqual(['vin', 'owner', ''])
  expect(table.isOneToOne).toBe(true)
})

it('gives the first sid of a name that was appended twice', () => {
  const table = SymbolTable.system()
  expect([table.append('a'), table.append('a'), table.append('b')]).toEqual([10, 11, 12])
  expect([table.sid('a'), table.text(11), table.size]).toEqual([10, 'a', 12])
  expect(table.isOneToOne).toBe(false)
})

it('has sids of unknown text, which are not the name of anything', () => {
  const table = SymbolTable.system()
  expect(table.append(undefined)).toBe(10)
  expect([table.text(10), table.names(10), table.size]).toEqual([undefined, [NO_TEXT], 10])
  expect([table.sid(NO_TEXT), table.intern(NO_TEXT)]).toEqual([0, 0])
})

it('refuses names that are no text, and stays as it was', () => {
  const table = SymbolTable.system()
  expect(() => table.intern('x\ud800')).toThrow(FormatError)
  expect(() => table.append('\udc00')).toThrow(FormatError)
  expect(table.size).toBe(9)
})

it('forks into a table that grows on its own', () => {
  const table = SymbolTable.system()
  table.intern('a')
  const fork = table.fork()
  expect([fork.intern('a'), fork.intern('b'), table.intern('c')]).toEqual([10, 11, 11])
  expect([table.names(10), fork.names(10)]).toEqual([
    ['a', 'c'],
    ['a', 'b'],
  ])
})

it('keeps names that are special in JavaScript apart', () => {
  const table = SymbolTable.system()
  expect(['__proto__', 'constructor', 'toString'].map((name) => [table.sid(name), table.intern(name)])).toEqual([
    [undefined, 10],
    [undefined, 11],
    [undefined, 12],
  ])
})
