/**
 * Goal: every history of interleaved transactions is explained by the order of commits (serializability), and current
 * view, history and versions are what a naive model says.
 * Method: random schedules of several open transactions over one table. What each statement answered is written down; when
 * a transaction commits, its statements are run again, at once, against a plain model of the state at that point, and must
 * answer the same. A conflict must have a cause: a commit since the transaction began. At the end current documents and
 * all versions are compared, on the ledger and on the ledger opened again.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ConflictError, type Ledger, openLedger, UniqueViolationError } from '../../src/index.ts'

type Operation =
  | { readonly kind: 'insert'; readonly key: number; readonly value: number }
  | { readonly kind: 'update'; readonly key: number; readonly value: number }
  | { readonly kind: 'delete'; readonly key: number }
  | { readonly kind: 'seek'; readonly key: number }
  | { readonly kind: 'range'; readonly from: number }
  | { readonly kind: 'between'; readonly from: number; readonly to: number }
  | { readonly kind: 'least' | 'greatest'; readonly count: number }
  | { readonly kind: 'count' }

type Step =
  | { readonly transaction: number; readonly step: 'run'; readonly operation: Operation }
  | { readonly transaction: number; readonly step: 'commit' | 'abort' }

const key = fc.integer({ min: 0, max: 5 })
const value = fc.integer({ min: 0, max: 99 })
const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ kind: fc.constant('insert' as const), key, value }),
  fc.record({ kind: fc.constant('update' as const), key, value }),
  fc.record({ kind: fc.constant('delete' as const), key }),
  fc.record({ kind: fc.constant('seek' as const), key }),
  fc.record({ kind: fc.constant('range' as const), from: value }),
  fc.record({ kind: fc.constant('between' as const), from: value, to: value }),
  fc.record({ kind: fc.constantFrom('least' as const, 'greatest' as const), count: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('count' as const) }),
)
const transaction = fc.integer({ min: 0, max: 3 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ transaction, step: fc.constant('run' as const), operation }) },
  { weight: 2, arbitrary: fc.record({ transaction, step: fc.constant('commit' as const) }) },
  { weight: 1, arbitrary: fc.record({ transaction, step: fc.constant('abort' as const) }) },
)

interface Document {
  readonly key: number
  readonly value: number
}

/** Documents in the order of insertion, each with all its versions; a deletion is undefined. */
class Model {
  readonly documents: (Document | undefined)[][] = []
  /** Whether an index keeps keys unique. */
  readonly isUnique: boolean

  constructor(isUnique: boolean) {
    this.isUnique = isUnique
  }

  clone(): Model {
    const copy = new Model(this.isUnique)
    for (const versions of this.documents) copy.documents.push([...versions])
    return copy
  }

  current(): Document[] {
    return this.documents.map((versions) => versions.at(-1)).filter((document) => document !== undefined)
  }

  /** Answers what the ledger's statement of the same name answers, in a form that can be compared. */
  run(operation: Operation): unknown {
    switch (operation.kind) {
      case 'insert':
        if (this.isUnique && this.current().some((document) => document.key === operation.key)) return 'refused'
        this.documents.push([{ key: operation.key, value: operation.value }])
        return 1
      case 'update':
      case 'delete': {
        let count = 0
        for (const versions of this.documents) {
          const last = versions.at(-1)
          if (last?.key !== operation.key) continue
          versions.push(operation.kind === 'update' ? { key: last.key, value: operation.value } : undefined)
          count++
        }
        return count
      }
      case 'seek':
        return sorted(this.current().filter((document) => document.key === operation.key))
      case 'range':
        return sorted(this.current().filter((document) => document.value >= operation.from))
      case 'between':
        return sorted(
          this.current().filter((document) => document.value >= operation.from && document.value <= operation.to),
        )
      case 'least':
      case 'greatest': {
        const direction = operation.kind === 'least' ? 1 : -1
        return this.current()
          .map((document) => document.value)
          .sort((a, b) => direction * (a - b))
          .slice(0, operation.count)
      }
      case 'count':
        return this.current().length
    }
  }
}

function sorted(documents: readonly Document[]): string[] {
  return documents.map(({ key, value }) => `${key}=${value}`).sort()
}

type Handle = Awaited<ReturnType<Ledger['begin']>>

async function run(handle: Handle, operation: Operation): Promise<unknown> {
  switch (operation.kind) {
    case 'insert':
      return handle.execute('INSERT INTO T ?', { key: operation.key, value: operation.value }).then(
        (rows) => rows.length,
        (error: unknown) => {
          if (error instanceof UniqueViolationError) return 'refused'
          throw error
        },
      )
    case 'update':
      // FROM first, so that the number of rows is the number of documents.
      return (await handle.execute('UPDATE T SET "value" = ? WHERE "key" = ?', operation.value, operation.key)).length
    case 'delete':
      return (await handle.execute('DELETE FROM T WHERE "key" = ?', operation.key)).length
    case 'seek':
      return sorted((await handle.execute('SELECT * FROM T WHERE "key" = ?', operation.key)) as Document[])
    case 'range':
      return sorted((await handle.execute('SELECT * FROM T WHERE "value" >= ?', operation.from)) as Document[])
    case 'between':
      return sorted(
        (await handle.execute(
          'SELECT * FROM T WHERE "value" BETWEEN ? AND ?',
          operation.from,
          operation.to,
        )) as Document[],
      )
    case 'least':
      return handle.execute('SELECT VALUE "value" FROM T ORDER BY "value" LIMIT ?', operation.count)
    case 'greatest':
      return handle.execute('SELECT VALUE "value" FROM T ORDER BY "value" DESC LIMIT ?', operation.count)
    case 'count':
      return ((await handle.execute('SELECT VALUE "key" FROM T')) as number[]).length
  }
}

/** One transaction's versions of one document become one revision: only the last state at commit is kept. */
function commitInto(committed: Model, operations: readonly Operation[]): Model {
  const next = committed.clone()
  for (const each of operations) next.run(each)
  const merged = new Model(committed.isUnique)
  next.documents.forEach((versions, position) => {
    const before = committed.documents[position]?.length ?? 0
    const last = versions.at(-1)
    if (before === 0 && last === undefined) return
    merged.documents.push(versions.length === before ? versions : [...versions.slice(0, before), last])
  })
  return merged
}

async function expectSame(ledger: Ledger, model: Model): Promise<void> {
  const current = (await ledger.execute('SELECT * FROM T')) as Document[]
  expect(sorted(current)).toEqual(sorted(model.current()))
  const history = (await ledger.execute(
    'SELECT h.metadata.id AS id, h.metadata.version AS version, h.data AS data FROM history(T) AS h',
  )) as { id: string; version: number; data?: Document }[]
  const byId = new Map<string, (string | undefined)[]>()
  for (const { id, version, data } of history) {
    const versions = byId.get(id) ?? []
    versions[version] = data === undefined ? undefined : `${data.key}=${data.value}`
    byId.set(id, versions)
  }
  const told = [...byId.values()].map((versions) => JSON.stringify(versions)).sort()
  const modelled = model.documents
    .map((versions) =>
      JSON.stringify(versions.map((document) => (document ? `${document.key}=${document.value}` : undefined))),
    )
    .sort()
  expect(told).toEqual(modelled)
}

async function play(ledger: Ledger, steps: readonly Step[], index: 'no' | 'an' | 'a unique'): Promise<Model> {
  await ledger.execute('CREATE TABLE T')
  if (index !== 'no') {
    await ledger.execute(index === 'an' ? 'CREATE INDEX ON T ("key")' : 'CREATE UNIQUE INDEX ON T ("key")')
    await ledger.execute('CREATE INDEX ON T ("value")')
  }
  let committed = new Model(index === 'a unique')
  let commits = 0
  const open = new Map<number, { handle: Handle; done: { operation: Operation; answer: unknown }[]; begunAt: number }>()

  const finish = async (number: number, how: 'commit' | 'abort'): Promise<void> => {
    const mine = open.get(number)
    if (mine === undefined) return
    open.delete(number)
    if (how === 'abort') {
      await mine.handle.abort()
      return
    }
    try {
      await mine.handle.commit()
    } catch (error) {
      expect(error).toBeInstanceOf(ConflictError)
      expect(commits).toBeGreaterThan(mine.begunAt)
      return
    }
    const replay = committed.clone()
    for (const { operation, answer } of mine.done) expect(replay.run(operation)).toEqual(answer)
    const next = commitInto(
      committed,
      mine.done.map(({ operation }) => operation),
    )
    if (JSON.stringify(next.documents) !== JSON.stringify(committed.documents)) commits++
    committed = next
  }

  for (const each of steps) {
    if (each.step !== 'run') {
      await finish(each.transaction, each.step)
      continue
    }
    let mine = open.get(each.transaction)
    if (mine === undefined) {
      mine = { handle: await ledger.begin(), done: [], begunAt: commits }
      open.set(each.transaction, mine)
    }
    mine.done.push({ operation: each.operation, answer: await run(mine.handle, each.operation) })
  }
  for (const number of [...open.keys()]) await finish(number, 'commit')
  return committed
}

describe('interleaved transactions', () => {
  for (const index of ['no', 'an', 'a unique'] as const) {
    test(`are explained by the order of commits, with ${index} index`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
          await using ledger = await openLedger(':memory:')
          await expectSame(ledger, await play(ledger, steps, index))
        }),
        { numRuns: 150, seed: 7 },
      )
    })
  }

  test('are on disk what they were in memory', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tally-model-'))
    let run = 0
    try {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
          const path = join(folder, String(run++))
          let model: Model
          {
            await using ledger = await openLedger(path)
            model = await play(ledger, steps, run % 2 === 0 ? 'an' : 'a unique')
          }
          await using again = await openLedger(path)
          await expectSame(again, model)
        }),
        { numRuns: 25, seed: 11 },
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})
