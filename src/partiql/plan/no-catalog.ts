import type { CatalogAccess } from './catalog-access.ts'

/** The catalog where there is no ledger: no tables. */
export const NO_CATALOG: CatalogAccess = {
  activeTable: () => undefined,
  table: () => undefined,
  tables: () => [],
}
