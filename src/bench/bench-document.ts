/** The document all workloads use; about 230 bytes as JSON. Only types that JSON and Ion both have: nobody is favoured. */
export interface BenchDocument {
  readonly vin: string
  readonly make: string
  readonly model: string
  readonly color: string
  readonly year: number
  readonly mileageKm: number
  readonly priceCents: number
  readonly city: string
  readonly isLeased: boolean
  readonly owner: { readonly personId: string; readonly since: string }
}

const makes = [
  'Alder',
  'Birch',
  'Cedar',
  'Dogwood',
  'Elm',
  'Fir',
  'Ginkgo',
  'Hazel',
  'Juniper',
  'Larch',
  'Maple',
  'Oak',
]
const models = ['Brook', 'Creek', 'Delta', 'Estuary', 'Fjord', 'Lagoon', 'River', 'Sound']
const cities = ['Everett', 'Lisbon', 'Ghent', 'Tartu', 'Graz', 'Porto', 'Bergen', 'Aarhus', 'Bilbao', 'Turin']

/** The colors; each fits one document in eight. */
export const colors: readonly string[] = ['red', 'blue', 'green', 'white', 'black', 'silver', 'yellow', 'brown']

/** Years of documents lie in this half-open range, evenly spread. */
export const years: readonly [number, number] = [2000, 2025]

/**
 * The n-th document of the workloads' endless sequence. A pure function of its number, so that any part of the sequence
 * can be made in any order; all documents differ in `vin`.
 *
 * @param index an integer >= 0
 */
export function benchDocument(index: number): BenchDocument {
  const a = scramble(index)
  const b = scramble(a)
  const c = scramble(b)
  return {
    vin: vinOf(index),
    make: makes[a % makes.length]!,
    model: models[(a >>> 8) % models.length]!,
    color: colors[(a >>> 16) % colors.length]!,
    year: years[0] + (b % (years[1] - years[0])),
    mileageKm: (b >>> 8) % 300_000,
    priceCents: (c % 5_000_000) + 50_000,
    city: cities[(c >>> 4) % cities.length]!,
    isLeased: (c & 1) === 1,
    owner: {
      personId: `${a.toString(36).padStart(7, '0')}${b.toString(36).padStart(7, '0')}${c.toString(36).padStart(8, '0')}`,
      since: `20${(a % 25).toString().padStart(2, '0')}-${(1 + (b % 12)).toString().padStart(2, '0')}-11`,
    },
  }
}

/** A document of the second table, for joins. */
export interface BenchRegistration {
  readonly plate: string
  readonly vin: string
  readonly region: string
}

/** The n-th registration: each of the first `vehicleCount` vehicles has one, in another order; in one region of ten. */
export function benchRegistration(index: number, vehicleCount: number): BenchRegistration {
  const a = scramble(index)
  return {
    plate: `${a.toString(36).toUpperCase().padStart(7, '0')}${index}`,
    vin: vinOf((index * 7919) % vehicleCount),
    region: cities[a % cities.length]!,
  }
}

/** The `vin` of the n-th document: 17 characters, scattered, so that an index on it is not filled in order. */
export function vinOf(index: number): string {
  return `${scramble(index).toString(36).toUpperCase().padStart(8, '0')}B${index.toString().padStart(8, '0')}`
}

/** The next of a fixed sequence of document numbers below `count`, evenly spread: what point reads ask for. */
export function pickIndex(step: number, count: number): number {
  return scramble(step ^ 0x5bd1e995) % count
}

/** A fixed scattering of 32-bit numbers, one to one. Source: the finalizer of MurmurHash3 (Austin Appleby). */
function scramble(number: number): number {
  let x = (number + 0x9e3779b9) | 0
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return (x ^ (x >>> 16)) >>> 0
}
