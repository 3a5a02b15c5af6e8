import { SymbolTable } from '../ion/index.ts'

/**
 * The field names of the journal's own structures, in the order of their symbol ids: the first is 10, behind Ion's nine
 * system symbols. Every ledger's symbol table begins with them, so that no block spells them out.
 *
 * Frozen: blocks at rest refer to these names by number. Never change, move or remove one; never add one here either,
 * because 42 is the first symbol id of documents' names in every ledger of format 1. A new list means a new format (see
 * `encode-block.ts`).
 */
const NAMES_OF_FORMAT_1 = [
  'format',
  'strandId',
  'sequenceNo',
  'transactionId',
  'blockTimestamp',
  'previousBlockHash',
  'blockHash',
  'entriesHashList',
  'firstSymbol',
  'statements',
  'statement',
  'startTime',
  'statementDigest',
  'tables',
  'documents',
  'txTime',
  'revisions',
  'table',
  'id',
  'hash',
  'data',
  'dataHash',
  'redactionInfo',
  'blockAddress',
  'tableId',
  'documentId',
  // Printed forms only: at rest these are put together from the names above.
  'entriesHash',
  'transactionInfo',
  'metadata',
  'txId',
  'tableName',
  'stateRoot',
] as const

/** Symbol id of a journal name at rest. */
export type JournalName = (typeof NAMES_OF_FORMAT_1)[number] | 'symbols' | 'version'

/** The highest symbol id of the prelude: names of documents begin right behind it. */
export const LAST_PRELUDE_SYMBOL: number = 9 + NAMES_OF_FORMAT_1.length

/** What a new ledger's symbol table holds: Ion's system symbols and the journal's own field names. */
export function ledgerSymbols(): SymbolTable {
  const symbols = SymbolTable.system()
  for (const name of NAMES_OF_FORMAT_1) symbols.intern(name)
  return symbols
}

const prelude = ledgerSymbols()

/** The symbol id of one of the journal's names. `symbols` and `version` are Ion's own. */
export function journalSymbol(name: JournalName): number {
  return prelude.sid(name) as number
}
