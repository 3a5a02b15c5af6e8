import type { TableDefinition } from './catalog-access.ts'

/** A statement that changes the catalog. */
export type DefinitionPlan =
  | { readonly kind: 'create-table'; readonly name: string }
  | { readonly kind: 'drop-table'; readonly table: TableDefinition }
  | { readonly kind: 'undrop-table'; readonly tableId: string }
  | {
      readonly kind: 'create-index'
      readonly table: TableDefinition
      readonly field: string
      readonly isUnique: boolean
    }
  | { readonly kind: 'drop-index'; readonly table: TableDefinition; readonly indexId: string }
