/**
 * Goal: the demo's data is the same for ever and hangs together. Method: check digits by an implementation of the
 * test's own, and against numbers published elsewhere; references by sets.
 */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  DEMO_SEED,
  DEMO_SIZE,
  INES,
  MARIA,
  PETER,
  STORY_VIN,
  vehicleRegistrationData,
  vinCheckDigit,
} from '../../src/cli/demo-data.ts'
import { Decimal, Timestamp } from '../../src/ion/index.ts'

const data = vehicleRegistrationData(DEMO_SEED, DEMO_SIZE)
const { persons, licenses, vehicles, registrations } = data

/** The ninth place of a VIN, from the letters' table as it is usually printed. */
function expectedCheckDigit(vin: string): string {
  const values: Record<string, number> = {
    ...{ A: 1, B: 2, C: 3, D: 4, E: 5, F: 6, G: 7, H: 8 },
    ...{ J: 1, K: 2, L: 3, M: 4, N: 5, P: 7, R: 9 },
    ...{ S: 2, T: 3, U: 4, V: 5, W: 6, X: 7, Y: 8, Z: 9 },
  }
  const weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
  const remainder = [...vin].reduce((sum, c, i) => sum + weights[i]! * (values[c] ?? Number(c)), 0) % 11
  return remainder === 10 ? 'X' : `${remainder}`
}

test('the same seed gives the same documents for ever, another seed others', () => {
  const text = (seed: number): string => JSON.stringify(vehicleRegistrationData(seed, 200))
  expect(text(7)).toBe(text(7))
  expect(text(7)).not.toBe(text(8))
  expect(createHash('sha256').update(text(DEMO_SEED)).digest('hex')).toBe(
    '29e7f278d978b8ff312f708e17284fceb22dc02085001ec4bb5c8f2df6af4d07',
  )
})

test('the demo has some thousand documents, about four fifths of the people with a license', () => {
  expect([persons.length, vehicles.length, registrations.length]).toEqual([DEMO_SIZE, DEMO_SIZE, DEMO_SIZE])
  expect(licenses.length / persons.length).toBeGreaterThan(0.75)
  expect(licenses.length / persons.length).toBeLessThan(0.85)
})

test('what must be unique is', () => {
  for (const keys of [
    persons.map((person) => person.govId),
    licenses.map((license) => license.licenseNumber),
    licenses.map((license) => license.holder),
    vehicles.map((vehicle) => vehicle.vin),
    registrations.map((registration) => registration.vin),
    registrations.map((registration) => registration.plate),
  ]) {
    expect(new Set(keys).size).toBe(keys.length)
  }
})

test('every reference leads somewhere', () => {
  const govIds = new Set(persons.map((person) => person.govId))
  expect(licenses.every((license) => govIds.has(license.holder))).toBe(true)
  expect(registrations.map((registration) => registration.vin)).toEqual(vehicles.map((vehicle) => vehicle.vin))
  for (const { owners } of registrations) {
    expect(govIds.has(owners.primary)).toBe(true)
    expect(owners.secondary.every((govId) => govIds.has(govId) && govId !== owners.primary)).toBe(true)
    expect(new Set(owners.secondary).size).toBe(owners.secondary.length)
  }
  expect(registrations.some(({ owners }) => owners.secondary.length === 2)).toBe(true)
})

test('check digits of published VINs', () => {
  // The worked examples that are usually printed with the rule (1M8… has X), and the demo's car.
  for (const vin of ['1M8GDM9AXKP042788', '11111111111111111', '5GZCZ43D13S812715', STORY_VIN]) {
    expect(vinCheckDigit(vin)).toBe(vin[8])
    expect(expectedCheckDigit(vin)).toBe(vin[8])
  }
})

test('every VIN has 17 allowed characters, its check digit and its model year', () => {
  const yearCodes = 'TVWXY123456789ABCDEFGHJKLMNPRS'
  for (const { vin, year } of vehicles) {
    expect(vin).toMatch(/^[0-9A-HJ-NPR-Z]{17}$/)
    expect(vin[8]).toBe(expectedCheckDigit(vin))
    expect(1996 + yearCodes.indexOf(vin[9]!)).toBe(year)
  }
  expect(vehicles.some(({ vin }) => vin[8] === 'X')).toBe(true)
})

test('plates look like those of their time', () => {
  for (const { plate } of registrations) {
    expect(plate).toMatch(/^(\d\d-\d\d-[A-Z]{2}|\d\d-[A-Z]{2}-\d\d|[A-Z]{2}-\d\d-[A-Z]{2})$/)
  }
  const modern = registrations.filter((_, index) => vehicles[index]!.year >= 2021)
  expect(modern.length).toBeGreaterThan(50)
  expect(modern.every(({ plate }) => /^[A-Z]{2}-/.test(plate))).toBe(true)
})

test('days have the precision of days and follow one another as in life', () => {
  const days = new Map(persons.map((person) => [person.govId, person.born]))
  const licensed = new Map(licenses.map((license) => [license.holder, license.issued]))
  for (const { holder, issued, expires } of licenses) {
    expect(issued.precision).toBe('day')
    expect(issued.year - days.get(holder)!.year).toBeGreaterThanOrEqual(18)
    expect(issued.compare(expires)).toBe(-1)
  }
  for (const [index, { owners, validFrom, validTo }] of registrations.entries()) {
    expect(validFrom.precision).toBe('day')
    expect(validFrom.compare(validTo)).toBe(-1)
    expect(validFrom.year).toBeGreaterThanOrEqual(vehicles[index]!.year)
    expect(validFrom.compare(licensed.get(owners.primary)!)).not.toBe(-1)
    expect(validFrom.compare(Timestamp.parse('2026-01-01'))).toBe(-1)
  }
})

test('money is decimal with two places, and optional fields are sometimes missing', () => {
  for (const amount of [
    ...vehicles.map((vehicle) => vehicle.listPrice),
    ...registrations.flatMap((registration) => [registration.yearlyTax, registration.pendingFines]),
  ]) {
    expect(amount).toBeInstanceOf(Decimal)
    expect(amount.toString()).toMatch(/^\d+\.\d\d$/)
  }
  expect(persons.some((person) => 'email' in person)).toBe(true)
  expect(persons.some((person) => !('email' in person))).toBe(true)
  expect(vehicles.every((vehicle) => 'engineCc' in vehicle === (vehicle.fuel !== 'electric'))).toBe(true)
})

test('the people and the car of the story are there, whatever the seed and size', () => {
  const small = vehicleRegistrationData(1, 3)
  for (const { persons, licenses, vehicles, registrations } of [data, small]) {
    expect(persons.slice(0, 3).map(({ govId, firstName }) => [govId, firstName])).toEqual([
      [MARIA, 'Maria'],
      [INES, 'Ines'],
      [PETER, 'Peter'],
    ])
    expect(licenses.slice(0, 3).map((license) => license.holder)).toEqual([MARIA, INES, PETER])
    expect(vehicles[0]).toMatchObject({ vin: STORY_VIN, year: 2005 })
    expect(registrations[0]).toMatchObject({ vin: STORY_VIN, owners: { primary: MARIA, secondary: [] } })
  }
  expect(small.vehicles).toHaveLength(3)
})

test('a size that cannot be is refused', () => {
  for (const size of [2, 0, -1, 3.5, Number.NaN, 100_001]) {
    expect(() => vehicleRegistrationData(1, size)).toThrow(RangeError)
  }
})
