/** A statement that changes the catalog. Names are looked up when it runs, in the transaction's own catalog. */
export type DefinitionPlan =
  | { readonly kind: 'create-table'; readonly name: string }
  | { readonly kind: 'drop-table'; readonly name: string }
  | { readonly kind: 'undrop-table'; readonly tableId: string }
  | { readonly kind: 'create-index'; readonly tableName: string; readonly field: string }
  | { readonly kind: 'drop-index'; readonly tableName: string; readonly indexId: string }
