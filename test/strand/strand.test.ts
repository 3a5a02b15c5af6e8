import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { MemoryFileSystem } from '../../src/storage/index.ts'
import { FileStrand, MemoryStrand } from '../../src/strand/index.ts'
import { strandSuite } from './strand-suite.ts'

const strandId = 'strand-of-test'
const folder = mkdtempSync(join(tmpdir(), 'tally-strand-'))
let made = 0
afterAll(() => rmSync(folder, { recursive: true, force: true }))

strandSuite('MemoryStrand', async () => new MemoryStrand(strandId))
strandSuite('FileStrand on disk', () => FileStrand.open(join(folder, String(made++)), { strandId }))
strandSuite('FileStrand on disk, a segment a group', () =>
  FileStrand.open(join(folder, String(made++)), { strandId, segmentSizeBytes: 64 }),
)
strandSuite('FileStrand in memory', () =>
  FileStrand.open('/ledger/journal', { strandId, fileSystem: new MemoryFileSystem(), segmentSizeBytes: 500 }),
)
