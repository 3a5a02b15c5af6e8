/**
 * @module
 * Tables and indexes: id, name, status. A catalog is a fold of the DDL documents in the journal and changes only when
 * a block is applied; a transaction lays its own DDL over it. Knows nothing of rows or storage.
 */
export { Catalog } from './catalog.ts'
export { type Index, type IndexStatus, type Table, type TableStatus, tableToIon } from './table.ts'
