import { pickIndex } from '../bench-document.ts'
import { at } from '../sqlite-peer.ts'

/** A query in the ledger's language and the same one in SQLite's, with the same parameters and the same answer. */
export interface QueryPair {
  readonly name: string
  readonly unit: string
  readonly partiql: string
  readonly sql: string
  readonly parameters: (step: number) => readonly unknown[]
  /** True when the order of rows is part of the answer. */
  readonly isOrdered: boolean
  /** How often a round runs it; each run has parameters of its own. */
  readonly repeats: number
  /** How many units one run is. */
  readonly units: number
}

/** Kilometres lie evenly in `[0, this)`. */
const mileageLimit = 300_000

/** What is measured over `count` vehicles and as many registrations. Indexes: vin (of both), mileageKm. */
export function queryPairs(count: number, isQuick: boolean): readonly QueryPair[] {
  const size = `${count / 1000} 000 documents`
  const short = isQuick ? 500 : 2_000
  const width = Math.ceil((mileageLimit / count) * 100)
  return [
    {
      name: 'range of an index, 100 documents',
      unit: 'queries/s',
      partiql: 'SELECT vin, mileageKm FROM Vehicle WHERE mileageKm >= ? AND mileageKm < ?',
      sql: `SELECT ${at('vin')} AS vin, ${at('mileageKm')} AS mileageKm FROM vehicle WHERE ${at('mileageKm')} >= ? AND ${at('mileageKm')} < ?`,
      parameters: (step) => {
        const low = pickIndex(step, mileageLimit - width)
        return [low, low + width]
      },
      isOrdered: false,
      repeats: short,
      units: 1,
    },
    {
      name: 'ORDER BY with LIMIT through an index',
      unit: 'queries/s',
      partiql: 'SELECT vin, mileageKm FROM Vehicle WHERE mileageKm >= ? ORDER BY mileageKm LIMIT 20',
      sql: `SELECT ${at('vin')} AS vin, ${at('mileageKm')} AS mileageKm FROM vehicle WHERE ${at('mileageKm')} >= ? ORDER BY ${at('mileageKm')} LIMIT 20`,
      parameters: (step) => [pickIndex(step, mileageLimit - 1000)],
      isOrdered: false,
      repeats: short,
      units: 1,
    },
    {
      name: `full scan with a filter, ${size}`,
      unit: 'documents/s',
      partiql: 'SELECT vin, city FROM Vehicle WHERE year >= ? AND color = ?',
      sql: `SELECT ${at('vin')} AS vin, ${at('city')} AS city FROM vehicle WHERE ${at('year')} >= ? AND ${at('color')} = ?`,
      parameters: () => [2020, 'red'],
      isOrdered: false,
      repeats: 1,
      units: count,
    },
    {
      name: `GROUP BY, ${size}`,
      unit: 'documents/s',
      partiql: 'SELECT make, COUNT(*) AS n, SUM(priceCents) AS total FROM Vehicle GROUP BY make',
      sql: `SELECT ${at('make')} AS make, COUNT(*) AS n, SUM(${at('priceCents')}) AS total FROM vehicle GROUP BY ${at('make')}`,
      parameters: () => [],
      isOrdered: false,
      repeats: 1,
      units: count,
    },
    {
      name: `ORDER BY with LIMIT, ${size}`,
      unit: 'documents/s',
      partiql: 'SELECT vin, city, priceCents FROM Vehicle ORDER BY priceCents DESC, vin LIMIT 20',
      sql: `SELECT ${at('vin')} AS vin, ${at('city')} AS city, ${at('priceCents')} AS priceCents FROM vehicle ORDER BY ${at('priceCents')} DESC, ${at('vin')} LIMIT 20`,
      parameters: () => [],
      isOrdered: true,
      repeats: 1,
      units: count,
    },
    {
      name: `join of two tables, ${size} each`,
      unit: 'documents/s',
      partiql:
        'SELECT v.make AS make, COUNT(*) AS n, MAX(r.plate) AS lastPlate FROM Registration AS r ' +
        'JOIN Vehicle AS v ON v.vin = r.vin WHERE v.year >= ? GROUP BY v.make',
      sql:
        `SELECT ${at('make', 'v')} AS make, COUNT(*) AS n, MAX(${at('plate', 'r')}) AS lastPlate FROM registration AS r ` +
        `JOIN vehicle AS v ON ${at('vin', 'v')} = ${at('vin', 'r')} WHERE ${at('year', 'v')} >= ? GROUP BY ${at('make', 'v')}`,
      parameters: () => [2010],
      isOrdered: false,
      repeats: 1,
      units: count,
    },
  ]
}
