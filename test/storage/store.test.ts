import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { LmdbStore, MemoryStore } from '../../src/storage/index.ts'
import { storeSuite } from './store-suite.ts'

const folder = mkdtempSync(join(tmpdir(), 'tally-store-'))
let made = 0
afterAll(() => rmSync(folder, { recursive: true, force: true }))

storeSuite('MemoryStore', () => new MemoryStore())
storeSuite('LmdbStore', () => LmdbStore.open(join(folder, String(made++))))
// The data file outgrows the address space set aside, again and again.
storeSuite('LmdbStore, growing', () => LmdbStore.open(join(folder, String(made++)), { mapSizeBytes: 128 << 10 }))
