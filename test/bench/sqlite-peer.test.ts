/** Goal: the peer we compare with really keeps an auditable history. Skipped with a message where it is not installed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { benchDocument, benchRegistration, vinOf } from '../../src/bench/bench-document.ts'
import { at, findSqlite, installPeers, type SqlitePeer } from '../../src/bench/sqlite-peer.ts'

const sqlite = findSqlite()
const installedTest = test.skipIf(sqlite.kind === 'absent')
if (sqlite.kind === 'absent') console.warn(`SQLite peer not tested: ${sqlite.reason}. Install it with ${installPeers}.`)

const documents = Array.from({ length: 40 }, (_, index) => benchDocument(index))
let folder = ''
let peer: SqlitePeer

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tally-sqlite-'))
  if (sqlite.kind === 'installed') peer = sqlite.open(join(folder, 'peer.db'))
})

afterEach(() => {
  if (sqlite.kind === 'installed') peer.close()
  rmSync(folder, { recursive: true })
})

test('a folder without the package says why there is no peer', () => {
  const nothing = findSqlite(folder)
  expect(nothing.kind).toBe('absent')
  expect(nothing.kind === 'absent' && nothing.reason).toContain('better-sqlite3')
})

installedTest('finds documents by vin, with the index and without', () => {
  peer.insertMany(documents.slice(0, 20))
  expect(peer.findByVin(vinOf(7))).toEqual(documents[7])
  peer.createVinIndex()
  peer.insertMany(documents.slice(20))
  expect(peer.findByVin(vinOf(7))).toEqual(documents[7])
  expect(peer.findByVin(vinOf(33))).toEqual(documents[33])
  expect(peer.findByVin(vinOf(40))).toBeUndefined()
})

installedTest('answers queries over both tables', () => {
  peer.insertMany(documents)
  peer.loadRegistrations([benchRegistration(0, 40), benchRegistration(1, 40)])
  peer.createIndex('year')
  peer.analyze()
  const { color } = documents[3]!
  const filter = peer.query(`SELECT ${at('vin')} AS vin FROM vehicle WHERE ${at('year')} >= ? AND ${at('color')} = ?`)
  const expected = documents.filter((each) => each.year >= 2010 && each.color === color).map((each) => each.vin)
  expect(
    filter(2010, color)
      .map((row) => row['vin'])
      .toSorted(),
  ).toEqual(expected.toSorted())
  const join = peer.query(
    `SELECT ${at('plate', 'r')} AS plate FROM registration r JOIN vehicle v ON ${at('vin', 'v')} = ${at('vin', 'r')}`,
  )
  expect(
    join()
      .map((row) => row['plate'])
      .toSorted(),
  ).toEqual([benchRegistration(0, 40).plate, benchRegistration(1, 40).plate].toSorted())
})

installedTest(
  'the chain fits after inserts, updates and reopening, and a change of any part of the history breaks it',
  () => {
    if (sqlite.kind === 'absent') return
    peer.insertMany(documents)
    peer.update(3, benchDocument(1003))
    peer.insertMany([benchDocument(40)])
    expect(peer.checkChain()).toBeUndefined()
    peer.close()
    peer = sqlite.open(join(folder, 'peer.db'))
    peer.update(3, benchDocument(2003))
    expect(peer.checkChain()).toBeUndefined()
    expect(peer.findByVin(vinOf(2003))).toEqual(benchDocument(2003))
    expect(peer.findByVin(vinOf(2))).toBeUndefined()

    for (const [damage, link] of [
      [`UPDATE vehicle_history SET document = replace(document, ':', ': ') WHERE id = 3 AND version = 1`, 2],
      ['DELETE FROM vehicle_history WHERE id = 41', 3],
      ['UPDATE chain SET time = time + 1 WHERE link = 4', 4],
    ] as const) {
      peer.exec(`BEGIN; ${damage}`)
      expect(peer.checkChain()).toBe(link)
      peer.exec('ROLLBACK')
    }
    expect(peer.checkChain()).toBeUndefined()
  },
)

installedTest('an update of what is not there is refused and leaves no link', () => {
  peer.insertMany(documents)
  expect(() => peer.update(999, benchDocument(1))).toThrow(RangeError)
  peer.insertMany([benchDocument(50)])
  expect(peer.checkChain()).toBeUndefined()
})
