import { Decimal, Timestamp } from '../ion/index.ts'

/** A person who may own vehicles. About 180 bytes. `email` is missing for some, as in life. */
export interface Person {
  /** Unique; what the other tables point to. */
  readonly govId: string
  readonly firstName: string
  readonly lastName: string
  readonly born: Timestamp
  readonly address: { readonly street: string; readonly postcode: string; readonly city: string }
  readonly email?: string
}

/** A driver's license; a person has at most one. */
export interface DriversLicense {
  readonly licenseNumber: string
  /** `govId` of the holder. */
  readonly holder: string
  readonly categories: readonly string[]
  readonly issued: Timestamp
  readonly expires: Timestamp
}

/** A vehicle as it left the factory, and how far it went. `engineCc` is missing for electric ones. */
export interface Vehicle {
  /** 17 characters with a valid check digit in the ninth place and the model year in the tenth. */
  readonly vin: string
  readonly make: string
  readonly model: string
  readonly type: string
  readonly year: number
  readonly color: string
  readonly fuel: string
  readonly engineCc?: number
  readonly mileageKm: number
  readonly listPrice: Decimal
}

/** Who owns a vehicle and under which plate it drives; a vehicle has exactly one. */
export interface VehicleRegistration {
  readonly vin: string
  readonly plate: string
  readonly city: string
  readonly owners: { readonly primary: string; readonly secondary: readonly string[] }
  readonly validFrom: Timestamp
  readonly validTo: Timestamp
  readonly yearlyTax: Decimal
  readonly pendingFines: Decimal
}

/** The documents of the four tables, in the order in which they are to be inserted. */
export interface VehicleRegistrationData {
  readonly persons: readonly Person[]
  readonly licenses: readonly DriversLicense[]
  readonly vehicles: readonly Vehicle[]
  readonly registrations: readonly VehicleRegistration[]
}

/** `govId` of the three people of the demo's story; all have a license, and Maria owns {@link STORY_VIN} at the start. */
export const MARIA = 'ID-0101-4417'
export const INES = 'ID-0102-8862'
export const PETER = 'ID-0103-2305'

/** The car of the demo's story, the first of `vehicles`, and of `registrations`. */
export const STORY_VIN = '1N4AL11D75C109151'

/** The seed and the size of the demo. */
export const DEMO_SEED = 20051120
export const DEMO_SIZE = 1200

/** Nothing in the data happened on or after this day, but expiries. */
const today = dayNumber('2026-01-01')

/**
 * Makes up the vehicle register of a country. The same seed and size give the same documents for ever.
 *
 * @param seed any 32-bit integer
 * @param size how many persons and how many vehicles, from 3 to 100 000; licenses are about four in five, so that there
 *   are 3.8 documents a person in all
 * @throws {RangeError} when `size` is out of range
 */
export function vehicleRegistrationData(seed: number, size: number): VehicleRegistrationData {
  if (!Number.isInteger(size) || size < 3 || size > 100_000) {
    throw new RangeError(`'size' expected an integer from 3 to 100000, got ${size}`)
  }
  const dice = new Dice(seed)
  const govIds = new Set([MARIA, INES, PETER])
  const plates = new Set([storyRegistration.plate])
  const licenseNumbers = new Set<string>()
  const serials = new Set<string>()

  const persons = [...storyPersons]
  while (persons.length < size) persons.push(makePerson(dice, govIds))

  const licenses: DriversLicense[] = []
  for (const [index, person] of persons.entries()) {
    const adultSince = dayNumber(person.born.toString()) + 18 * 365.25
    if (index < storyPersons.length || (adultSince < today - 30 && dice.chance(0.83))) {
      licenses.push(makeLicense(dice, person, Math.ceil(adultSince), licenseNumbers))
    }
  }

  const vehicles = [storyVehicle]
  const registrations = [storyRegistration]
  while (vehicles.length < size) {
    const vehicle = makeVehicle(dice, serials)
    vehicles.push(vehicle)
    registrations.push(makeRegistration(dice, vehicle, licenses, persons, plates))
  }
  return { persons, licenses, vehicles, registrations }
}

/**
 * The character that belongs in the ninth place of a vehicle identification number: `0`…`9` or `X`. What stands there
 * does not count. Source: 49 CFR § 565.15(c)(4).
 *
 * @param vin 17 characters of `0`…`9` and `A`…`Z` without I, O and Q
 */
export function vinCheckDigit(vin: string): string {
  let sum = 0
  for (const [place, weight] of vinWeights.entries()) sum += weight * vinValues[vinAlphabet.indexOf(vin[place]!)]!
  return sum % 11 === 10 ? 'X' : String(sum % 11)
}

const vinAlphabet = '0123456789ABCDEFGHJKLMNPRSTUVWXYZ'
const vinValues = [...'012345678912345678123457923456789'].map(Number)
const vinWeights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
/** Model years from 1996 on; they repeat after 30. Source: 49 CFR § 565.15, table VII. */
const vinYears = 'TVWXY123456789ABCDEFGHJKLMNPRS'
const firstVinYear = 1996

const storyPersons: readonly Person[] = [
  {
    govId: MARIA,
    firstName: 'Maria',
    lastName: 'Tavares',
    born: Timestamp.parse('1979-04-12'),
    address: { street: 'Rua das Oliveiras 14', postcode: '4050-448', city: 'Porto' },
    email: 'maria.tavares@example.org',
  },
  {
    govId: INES,
    firstName: 'Ines',
    lastName: 'Moura',
    born: Timestamp.parse('1988-09-30'),
    address: { street: 'Travessa do Forno 3', postcode: '3000-213', city: 'Coimbra' },
    email: 'ines.moura@example.net',
  },
  {
    govId: PETER,
    firstName: 'Peter',
    lastName: 'Lindqvist',
    born: Timestamp.parse('1966-01-25'),
    address: { street: 'Avenida da Liberdade 201', postcode: '1250-142', city: 'Lisboa' },
  },
]

const storyVehicle: Vehicle = {
  vin: STORY_VIN,
  make: 'Nissan',
  model: 'Altima',
  type: 'sedan',
  year: 2005,
  color: 'silver',
  fuel: 'petrol',
  engineCc: 2488,
  mileageKm: 182_340,
  listPrice: new Decimal('19250.00'),
}

const storyRegistration: VehicleRegistration = {
  vin: STORY_VIN,
  plate: '27-AN-61',
  city: 'Porto',
  owners: { primary: MARIA, secondary: [] },
  validFrom: Timestamp.parse('2005-11-21'),
  validTo: Timestamp.parse('2026-11-20'),
  yearlyTax: new Decimal('214.80'),
  pendingFines: new Decimal('0.00'),
}

const firstNames =
  'Maria João Ana José Inês Pedro Sofia Rui Beatriz Tiago Carolina Miguel Leonor Nuno Teresa André Clara Paulo Marta Hugo Joana Duarte Rita Simão Helena Vasco Luísa Afonso Irene Bruno Elin Peter Anke Lukas Chiara Marek Aoife Pierre Zofia Mateo'.split(
    ' ',
  )
const lastNames =
  'Silva Santos Ferreira Pereira Oliveira Costa Rodrigues Martins Sousa Fernandes Gonçalves Gomes Lopes Marques Alves Almeida Ribeiro Pinto Carvalho Teixeira Moreira Correia Mendes Nunes Soares Vieira Monteiro Cardoso Rocha Neves Tavares Moura Lindqvist Weber Rossi Novák Murphy Lefèvre Kowalska Jansen'.split(
    ' ',
  )
const streets =
  'Rua do Carmo,Rua Nova,Avenida da República,Travessa do Forno,Largo do Chafariz,Rua dos Ferreiros,Calçada da Estrela,Rua do Sol,Avenida do Mar,Rua das Flores,Beco do Moinho,Rua da Ponte'.split(
    ',',
  )
/** Cities with the start of their postcodes; each as often as it is big. */
const cities: readonly { readonly name: string; readonly postcode: number }[] = [
  ...Array<string>(8).fill('Lisboa 1000'),
  ...Array<string>(6).fill('Porto 4000'),
  ...Array<string>(3).fill('Braga 4700'),
  ...Array<string>(3).fill('Setúbal 2900'),
  ...Array<string>(3).fill('Coimbra 3000'),
  ...Array<string>(2).fill('Aveiro 3800'),
  ...['Faro 8000', 'Évora 7000', 'Viseu 3500', 'Bragança 5300', 'Funchal 9000'],
].map((text) => ({ name: text.slice(0, -5), postcode: Number(text.slice(-4)) }))
const colors = 'white,black,grey,silver,blue,red,green,beige,yellow'.split(',')

/**
 * Models: make, model, type, the start of the VIN (the maker's WMI as in ISO 3780, then five made-up characters for the
 * model), first model year, fuels, engine in cc, price in euros.
 */
const models: readonly Model[] = `
  Renault       | Clio     | hatchback | VF1BB2A0 | 1998 | petrol diesel   | 1149 | 15900
  Renault       | Kangoo   | van       | VF1KC1D0 | 1998 | diesel          | 1461 | 19400
  Peugeot       | 208      | hatchback | VF3CC8H0 | 2012 | petrol electric | 1199 | 18700
  Citroën       | C3       | hatchback | VF7SC8F0 | 2002 | petrol diesel   | 1360 | 14900
  Volkswagen    | Golf     | hatchback | WVWZZ1K0 | 1998 | petrol diesel   | 1390 | 24800
  BMW           | 320d     | sedan     | WBAPN310 | 1999 | diesel          | 1995 | 41200
  Mercedes-Benz | E 220    | sedan     | WDB2110U | 1998 | diesel          | 2148 | 52600
  Opel          | Corsa    | hatchback | W0L0SDL0 | 1997 | petrol diesel   | 1229 | 14300
  Fiat          | 500      | hatchback | ZFA31200 | 2008 | petrol electric | 1242 | 16100
  SEAT          | Ibiza    | hatchback | VSSZZ6J0 | 1997 | petrol diesel   | 1198 | 15200
  Škoda         | Octavia  | estate    | TMBJJ7N0 | 1998 | petrol diesel   | 1598 | 25400
  Volvo         | V60      | estate    | YV1FW840 | 2011 | diesel          | 1969 | 43900
  Toyota        | Yaris    | hatchback | JTDKB3H0 | 1999 | petrol hybrid   | 1497 | 17600
  Nissan        | Qashqai  | SUV       | SJNFAJ10 | 2007 | petrol diesel   | 1598 | 26900
  Dacia         | Duster   | SUV       | UU1HSDC0 | 2010 | petrol diesel   | 1332 | 17900
  Tesla         | Model 3  | sedan     | 5YJ3E7E0 | 2019 | electric        |    0 | 44900
`
  .trim()
  .split('\n')
  .map(readModel)

interface Model {
  readonly make: string
  readonly model: string
  readonly type: string
  readonly vinStart: string
  readonly firstYear: number
  readonly fuels: readonly string[]
  readonly engineCc: number
  readonly priceEuros: number
}

function readModel(line: string): Model {
  const [make, model, type, vinStart, firstYear, fuels, engineCc, priceEuros] = line
    .split('|')
    .map((cell) => cell.trim())
  return {
    make: make!,
    model: model!,
    type: type!,
    vinStart: vinStart!,
    firstYear: Number(firstYear),
    fuels: fuels!.split(' '),
    engineCc: Number(engineCc),
    priceEuros: Number(priceEuros),
  }
}

function makePerson(dice: Dice, govIds: Set<string>): Person {
  const firstName = dice.pick(firstNames)
  const lastName = dice.pick(lastNames)
  const city = dice.pick(cities)
  const born = dice.integer(dayNumber('1936-01-01'), dayNumber('2009-01-01'))
  const mailName = `${firstName}.${lastName}`
    .normalize('NFD')
    .replace(/[^a-zA-Z.]/g, '')
    .toLowerCase()
  return {
    govId: dice.unique(govIds, () => `ID-${dice.digits(4)}-${dice.digits(4)}`),
    firstName,
    lastName,
    born: dayOf(born),
    address: {
      street: `${dice.pick(streets)} ${dice.integer(1, 240)}`,
      postcode: `${city.postcode + dice.integer(0, 99) * 5}-${dice.digits(3)}`,
      city: city.name,
    },
    ...(dice.chance(0.7) ? { email: `${mailName}${dice.integer(1, 999)}@example.org` } : {}),
  }
}

function makeLicense(dice: Dice, person: Person, adultSince: number, taken: Set<string>): DriversLicense {
  const issued = dice.integer(adultSince, Math.min(today, adultSince + 12 * 365))
  const categories = ['AM', 'B1', 'B']
  if (dice.chance(0.2)) categories.push('A')
  if (dice.chance(0.06)) categories.push('C', 'CE')
  // Renewed every fifteen years; the last renewal lies behind `today`, the expiry mostly before it.
  const periods = Math.floor((today - issued) / (15 * 365)) + (dice.chance(0.95) ? 1 : 0)
  return {
    licenseNumber: dice.unique(taken, () => `${dice.pick(['L', 'P', 'C', 'SE', 'BR', 'FA'])}-${dice.digits(7)}`),
    holder: person.govId,
    categories,
    issued: dayOf(issued),
    expires: dayOf(issued + Math.max(1, periods) * 15 * 365),
  }
}

function makeVehicle(dice: Dice, serials: Set<string>): Vehicle {
  const { make, model, type, vinStart, firstYear, fuels, engineCc, priceEuros } = dice.pick(models)
  const year = dice.integer(firstYear, 2026)
  const fuel = dice.pick(fuels)
  const start = `${vinStart}0${vinYears[year - firstVinYear]}${dice.pick([...'ABCDEFGHJKLM'])}`
  const unchecked = dice.unique(serials, () => `${start}${dice.digits(6)}`)
  const age = today / 365.2425 + 1970 - year
  return {
    vin: unchecked.slice(0, 8) + vinCheckDigit(unchecked) + unchecked.slice(9),
    make,
    model,
    type,
    year,
    color: dice.pick(colors),
    fuel,
    ...(fuel === 'electric' ? {} : { engineCc }),
    mileageKm: Math.round(age * dice.integer(4_000, 21_000)),
    listPrice: Decimal.of(BigInt(priceEuros * dice.integer(90, 145)), -2),
  }
}

function makeRegistration(
  dice: Dice,
  vehicle: Vehicle,
  licenses: readonly DriversLicense[],
  persons: readonly Person[],
  plates: Set<string>,
): VehicleRegistration {
  const license = dice.pick(licenses)
  const primary = license.holder
  const secondary: string[] = []
  for (let offers = dice.chance(0.25) ? dice.integer(1, 3) : 0; offers > 0; offers--) {
    const { govId } = dice.pick(persons)
    if (govId !== primary && !secondary.includes(govId)) secondary.push(govId)
  }
  // The plate is as old as the car; today's owner may have come later, but not before having a license.
  const firstRegistered = dice.integer(dayNumber(`${vehicle.year}-02-01`), dayNumber(`${vehicle.year + 1}-01-01`))
  const validFrom = dice.integer(Math.max(firstRegistered, dayNumber(license.issued.toString())), today)
  const yearsBehind = Math.floor((today - validFrom) / 365.25)
  return {
    vin: vehicle.vin,
    plate: dice.unique(plates, () => makePlate(dice, firstRegistered)),
    city: dice.pick(cities).name,
    owners: { primary, secondary },
    validFrom: dayOf(validFrom),
    validTo: dayOf(Math.round(validFrom + (yearsBehind + (dice.chance(0.93) ? 1 : 0.5)) * 365.25)),
    yearlyTax: Decimal.of(BigInt(dice.integer(3_200, 61_000)), -2),
    pendingFines: dice.chance(0.12) ? Decimal.of(BigInt(dice.integer(12, 600)) * 250n, -2) : new Decimal('0.00'),
  }
}

/** Portuguese plates: 00-00-AA until May 2005, then 00-AA-00 until March 2020, AA-00-AA since. */
function makePlate(dice: Dice, day: number): string {
  const letters = (): string => dice.pick([...plateLetters]) + dice.pick([...plateLetters])
  if (day < dayNumber('2005-05-01')) return `${dice.digits(2)}-${dice.digits(2)}-${letters()}`
  if (day < dayNumber('2020-03-02')) return `${dice.digits(2)}-${letters()}-${dice.digits(2)}`
  return `${letters()}-${dice.digits(2)}-${letters()}`
}
const plateLetters = 'ABCDEFGHIJLMNOPQRSTUVXZ'

/** Days since 1970-01-01 of an ISO day. */
function dayNumber(isoDay: string): number {
  return Date.parse(`${isoDay.slice(0, 10)}T00:00:00Z`) / 86_400_000
}

function dayOf(day: number): Timestamp {
  return Timestamp.parse(new Date(Math.floor(day) * 86_400_000).toISOString().slice(0, 10))
}

/** Chance with a seed. Source: mulberry32 (Tommy Ettinger, public domain), 32 bits of state and of output. */
class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** From 0 up to, not including, 1. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }

  /** An integer in `[lo, hi)`; `lo` when the range is empty. */
  integer(lo: number, hi: number): number {
    return lo + Math.floor(this.#next() * Math.max(0, hi - lo))
  }

  chance(share: number): boolean {
    return this.#next() < share
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.integer(0, choices.length)]!
  }

  /** Decimal digits, leading zeros included. */
  digits(count: number): string {
    return this.integer(0, 10 ** count)
      .toString()
      .padStart(count, '0')
  }

  /** Makes texts until one is new, and remembers it. */
  unique(taken: Set<string>, make: () => string): string {
    for (;;) {
      const text = make()
      if (!taken.has(text)) {
        taken.add(text)
        return text
      }
    }
  }
}
