/**
 * Goal: hold the order of the rooms. A room imports only from rooms listed before it, through their doors; files of one
 * room import each other directly, never their own door; floor 0 imports nothing of Node.
 * Method: read every import of every file under src/.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const SRC = resolve(import.meta.dirname, '../src')

/** Lowest first. */
const ROOMS = [
  'errors.ts',
  'hash',
  'ion',
  'merkle',
  'journal',
  'checkpoint',
  'verify',
  'storage',
  'catalog',
  'tables',
  'strand',
  'transaction',
  'partiql',
  'ledger',
  'index.ts',
  'exchange',
  'server',
  'ordering',
  'analytics',
  'bench',
  'cli',
]
/** The folders within a room that have an order, lowest first. Files beside the folders may import all of them. */
const FOLDERS: Readonly<Record<string, readonly string[]>> = {
  partiql: ['value', 'syntax', 'plan', 'execute'],
}
const FLOOR_0 = new Set(ROOMS.slice(0, ROOMS.indexOf('storage')))
const DOORS = ['server', 'ordering', 'analytics', 'bench']
/** What a room may use from npm; every other room uses nothing. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  hash: ['@noble/hashes'],
  ion: ['ion-js'],
  storage: ['lmdb', 'sorted-btree'],
  partiql: ['chevrotain'],
  cli: ['commander'],
}

interface Import {
  readonly file: string
  readonly specifier: string
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : path.endsWith('.ts') ? [path] : []
  })
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
  const found = text.matchAll(
    /^\s*(?:import|export)\b[^'"\n;]*?(?:\{[^}]*\}[^'"]*?)?from\s+'([^']+)'|\bimport\(\s*'([^']+)'\s*\)|^import\s+'([^']+)'/gm,
  )
  return [...found].map((match) => ({ file, specifier: (match[1] ?? match[2] ?? match[3])! }))
}

function roomOf(path: string): string {
  return relative(SRC, path).split('/')[0]!
}

/** The folder inside the room, undefined for a file that stands beside the folders. */
function folderOf(path: string): string | undefined {
  const [, folder, file] = relative(SRC, path).split('/')
  return file === undefined ? undefined : folder
}

const files = filesBelow(SRC)
const imports = files.flatMap(importsOf)
const inside = imports.filter(({ specifier }) => specifier.startsWith('.'))
const outside = imports.filter(({ specifier }) => !specifier.startsWith('.'))

describe('the rooms of src', () => {
  test('every file stands in a known room', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(imports.length).toBeGreaterThan(100)
    expect([...new Set(files.map(roomOf))].filter((room) => !ROOMS.includes(room) && room !== 'tsconfig.json')).toEqual(
      [],
    )
  })

  test('a room imports only from rooms listed before it', () => {
    const wrong = inside.filter(({ file, specifier }) => {
      const from = roomOf(file)
      const to = roomOf(resolve(dirname(file), specifier))
      return from !== to && ROOMS.indexOf(to) >= ROOMS.indexOf(from)
    })
    expect(wrong).toEqual([])
  })

  test('a folder of a room imports only from folders listed before it, and nothing that stands beside them', () => {
    const wrong = inside.filter(({ file, specifier }) => {
      const target = resolve(dirname(file), specifier)
      const folders = FOLDERS[roomOf(file)]
      const from = folderOf(file)
      if (folders === undefined || from === undefined || roomOf(target) !== roomOf(file)) return false
      const to = folderOf(target)
      return to === undefined || folders.indexOf(to) > folders.indexOf(from)
    })
    expect(wrong).toEqual([])
    for (const [room, folders] of Object.entries(FOLDERS)) {
      const found = files.filter((file) => roomOf(file) === room).flatMap((file) => folderOf(file) ?? [])
      expect([...new Set(found)].sort()).toEqual([...folders].sort())
    }
  })

  test('doors do not import one another', () => {
    const wrong = inside.filter(({ file, specifier }) => {
      const to = roomOf(resolve(dirname(file), specifier))
      return DOORS.includes(roomOf(file)) && DOORS.includes(to) && to !== roomOf(file)
    })
    expect(wrong).toEqual([])
  })

  test('other rooms are entered through their door', () => {
    const wrong = inside.filter(({ file, specifier }) => {
      const target = relative(SRC, resolve(dirname(file), specifier))
      return roomOf(file) !== target.split('/')[0] && target.includes('/') && !/^[^/]+\/index\.ts$/.test(target)
    })
    expect(wrong).toEqual([])
  })

  test('a file does not import the door of its own room', () => {
    const wrong = inside.filter(({ file, specifier }) => {
      const target = relative(SRC, resolve(dirname(file), specifier))
      return target === `${roomOf(file)}/index.ts`
    })
    expect(wrong).toEqual([])
  })

  test('floor 0 imports nothing of Node', () => {
    const wrong = outside.filter(({ file, specifier }) => FLOOR_0.has(roomOf(file)) && specifier.startsWith('node:'))
    expect(wrong).toEqual([])
  })

  test('a package is used by the one room that is there for it', () => {
    const wrong = outside.filter(({ file, specifier }) => {
      if (specifier.startsWith('node:')) return false
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
      return !(PACKAGES[roomOf(file)] ?? []).includes(name)
    })
    expect(wrong).toEqual([])
  })

  test('time and chance come in through the seams only', () => {
    const found = files.flatMap((file) => {
      const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
      return [
        ...text.matchAll(/\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bset(?:Timeout|Interval|Immediate)\(/g),
      ].map((match) => `${relative(SRC, file)}: ${match[0]}`)
    })
    const seams = ['ledger/scheduler.ts', 'ledger/open-ledger.ts', 'bench/clock.ts', 'partiql/evaluate.ts']
    expect(found.filter((place) => !seams.some((seam) => place.startsWith(seam)) && !place.startsWith('cli/'))).toEqual(
      [],
    )
  })
})
