/**
 * Goal: the documents say what is so. Method: run what they show, and look up what they name, as far as that is cheap.
 */
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { type Ledger, LedgerError, openLedger } from '../src/index.ts'
import { parseOne, printText } from '../src/ion/index.ts'
import { AGGREGATES, FUNCTIONS } from '../src/partiql/index.ts'
import { run, temporaryFolder } from './cli/run.ts'

const ROOT = resolve(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

const folder = temporaryFolder()

const README = read('README.md')
const PAGES = [
  'README.md',
  'CHANGELOG.md',
  'bench/README.md',
  ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`),
].filter((path) => path.endsWith('.md') && existsSync(join(ROOT, path)))

/** The texts of the fenced blocks of one language, in their order. */
function blocksOf(markdown: string, language: string): string[] {
  return [...markdown.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .filter((match) => match[1] === language)
    .map((match) => match[2]!)
}

function sourcesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? sourcesBelow(path) : path.endsWith('.ts') ? [path] : []
  })
}

describe('the README', () => {
  test('begins with a program that runs as it is written', async () => {
    const [program] = blocksOf(README, 'ts')
    expect(program).toContain("from 'tallystick'")
    const folder = mkdtempSync(join(tmpdir(), 'tally-docs-'))
    try {
      const source = (path: string): string => JSON.stringify(pathToFileURL(join(ROOT, path)).href)
      const { code } = await transform(program!, { loader: 'ts', format: 'esm', target: 'node20' })
      const local = code
        .replaceAll(/(["'])tallystick\/verify\1/g, source('src/verify/index.ts'))
        .replaceAll(/(["'])tallystick\1/g, source('src/index.ts'))
      writeFileSync(join(folder, 'program.mjs'), local)
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [join(ROOT, 'node_modules/tsx/dist/cli.mjs'), 'program.mjs'],
        { cwd: folder },
      )
      expect(stdout).toContain('Verified on this computer\nVersion 0 of Vehicle ')
      expect(existsSync(join(folder, 'cars/ledger.json'))).toBe(true)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('has the two lines that start and test a fresh clone', () => {
    expect(README).toContain('\nnpm ci && npm start\n')
    expect(README).toContain('\nnpm ci && npm test\n')
  })

  test('names every command', () => {
    const commands = sourcesBelow('src/cli').flatMap((path) =>
      [...read(path).matchAll(/\.command\('([a-z-]+)'(, \{ hidden: true \})?/g)]
        .filter((match) => match[2] === undefined)
        .map((match) => match[1]!),
    )
    expect(commands).toContain('audit')
    expect(commands.filter((command) => !README.includes(`tally ${command}`))).toEqual([])
  })

  test('names no command that does not exist', () => {
    const named = new Set([...README.matchAll(/\btally ([a-z]+)\b/g)].map((match) => match[1]!))
    const text = sourcesBelow('src/cli').map(read).join('\n')
    expect([...named].filter((command) => !text.includes(`.command('${command}'`))).toEqual([])
  })
})

describe('the documents', () => {
  test('list every error code that is in use', () => {
    const all = [...read('src/errors.ts').matchAll(/^ {2}\| '([A-Z_]+)'/gm)].map((match) => match[1]!)
    const sources = sourcesBelow('src').filter((path) => path !== 'src/errors.ts')
    const text = sources.map(read).join('\n')
    const isUsed = (code: string): boolean => code === 'OCC_CONFLICT' || text.includes(`'${code}'`)
    const documents = PAGES.map(read).join('\n')
    expect(all.length).toBeGreaterThan(40)
    expect(all.filter((code) => isUsed(code) && !documents.includes(`\`${code}\``))).toEqual([])
  })

  test('name every function of the language', () => {
    const language = read('docs/LANGUAGE.md')
    const names = [...FUNCTIONS.keys(), ...AGGREGATES].map((name) => `\`${name.toUpperCase()}\``)
    expect(names.filter((name) => !language.includes(name))).toEqual([])
  })

  test.each(PAGES)('%s links to files that exist', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((match) => match[1]!)
    const relative = links.filter((link) => !/^[a-z]+:/.test(link))
    expect(relative.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([])
  })

  test('the page on the language answers as it says', async () => {
    await using ledger = await openLedger(':memory:')
    const examples = blocksOf(read('docs/LANGUAGE.md'), 'partiql').flatMap(examplesOf)
    expect(examples.length).toBeGreaterThan(60)
    await checkExamples(ledger, examples)
  })

  test('the README answers as it says on the ledger of the demo', async () => {
    expect(await run(['demo', join(folder, 'demo')])).toMatchObject({ code: 0 })
    await using ledger = await openLedger(join(folder, 'demo'))
    const examples = blocksOf(README, 'partiql').flatMap(examplesOf)
    expect(examples.length).toBeGreaterThan(5)
    await checkExamples(ledger, examples)
  })
})

/** Each statement gives the rows or the error that the page shows; where it shows nothing, it succeeds. */
async function checkExamples(ledger: Ledger, examples: readonly Example[]): Promise<void> {
  for (const { statement, rows, error } of examples) {
    let found: string[] = []
    let code: string | undefined
    try {
      found = (await ledger.execute(statement).with({ ion: true })).map((row) => printText(row))
    } catch (cause) {
      if (!(cause instanceof LedgerError)) throw cause
      code = cause.code
    }
    expect(code, statement).toBe(error)
    if (rows.length > 0) expect(found, statement).toEqual(rows.map((row) => printText(parseOne(row))))
  }
}

interface Example {
  readonly statement: string
  readonly rows: readonly string[]
  readonly error: string | undefined
}

/** Statements end with a semicolon at the end of a line; what they answer follows them, if it is shown. */
function examplesOf(block: string): Example[] {
  const found = [...block.matchAll(/((?:^(?!--[>!]).*\n)+?)(?<=;\n)((?:^--[>!] .*\n)*)\n?/gm)]
  expect(found.map(([whole]) => whole).join('')).toBe(block)
  return found.map(([, statement, answer]) => {
    const lines = answer!.split('\n').filter((line) => line !== '')
    return {
      statement: statement!.trim(),
      rows: lines.filter((line) => line.startsWith('--> ')).map((line) => line.slice(4)),
      error: lines.find((line) => line.startsWith('--! '))?.slice(4),
    }
  })
}
