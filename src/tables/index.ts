/**
 * @module
 * Revisions at rest: user view, committed view, history, index entries, catalog, symbol names, block locations and
 * tree nodes, kept as ordered keys and values (`layout.ts` has every byte). `TableViews.apply(block)` is the only way
 * any of it changes, so that deleting the views loses nothing. Knows the shape of a block, not where blocks come from.
 */
export { compareViews, type ViewDifference } from './compare-views.ts'
export type { DocumentCursor } from './current-documents.ts'
export { type IndexBounds, type IndexedRange, type IndexRangeCursor, indexedRange } from './index-range.ts'
export { indexedValue } from './layout.ts'
export { CurrentRevision, fromBlock, type StoredRevision } from './stored-revision.ts'
export { type BlockLocation, type HistoryEntry, TableViews, type Tip } from './views.ts'
