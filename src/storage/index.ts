/**
 * @module
 * Ordered keys and values, and append-only files: where things lie.
 *
 * A {@link Store} keeps the views: a cache that can always be rebuilt from the journal. It promises snapshots, atomic
 * writes, and that a damaged value is noticed rather than returned. {@link LmdbStore} keeps them in a folder,
 * {@link MemoryStore} in memory; one test suite holds both to the same behaviour. A {@link FileSystem} is the seam
 * through which the journal's files are written, so that tests can own every write and every sync.
 *
 * Nothing here knows what a key or a value means.
 */
export type { AppendFile, FileSystem, ReadFile } from './file-system.ts'
export { LmdbStore, type LmdbStoreOptions } from './lmdb-store.ts'
export { type Lock, lockLedger } from './lock.ts'
export { type DiskFault, type DiskOperation, MemoryFileSystem, type Survival } from './memory-file-system.ts'
export { MemoryStore } from './memory-store.ts'
export { nodeFileSystem } from './node-file-system.ts'
export {
  type Cursor,
  KEYSPACE_NAMES,
  type Keyspace,
  type KeyspaceName,
  MAX_KEY_SIZE_BYTES,
  type Reader,
  type ScanRange,
  type Snapshot,
  type Store,
  type ValuePlace,
  type WriteBatch,
} from './store.ts'
export type { ViewsCheck } from './views-state.ts'
