import { resolve } from 'node:path'

/** Where the data is looked for when nobody says: beside this repository. */
export const DEFAULT_DATA: string = resolve(import.meta.dirname, '../../../shared/partiql-tests')
