import {
  Decimal,
  type DocumentOf,
  type Ledger,
  type StandardSchema,
  type TableReference,
  table,
} from '../../src/index.ts'

interface Car {
  vin: string
  owner: string
  year: number
  price?: Decimal
}

/** As any library that speaks Standard Schema makes it: zod's `z.object({ vin: z.string().length(17), … })`. */
const carSchema: StandardSchema<Car> = {
  '~standard': {
    version: 1,
    vendor: 'sample',
    validate: (value) => {
      const { vin, owner, year, price } = value as Record<string, unknown>
      const issues: { message: string; path: [string] }[] = []
      const check = (path: string, isFine: boolean, message: string): void => {
        if (!isFine) issues.push({ message, path: [path] })
      }
      check('vin', typeof vin === 'string' && vin.length === 17, 'expected a text of 17 characters')
      check('owner', typeof owner === 'string', 'expected a text')
      check('year', Number.isInteger(year), 'expected a whole number')
      check('price', price === undefined || price instanceof Decimal, 'expected a Decimal')
      return issues.length > 0 ? { issues } : { value: value as Car }
    },
  },
}

const Vehicle: TableReference<Car> = table('Vehicle', carSchema, { unique: ['vin'], index: ['owner'] })
type Vehicle = DocumentOf<typeof Vehicle>

export async function withSchema(ledger: Ledger): Promise<[id: string, car: Vehicle | undefined]> {
  const cars = await ledger.table(Vehicle) // created, or compared with what the ledger has

  const id = await cars.insert({ vin: '1N4AL11D75C109151', owner: 'Maria', year: 2021 })
  const car = await cars.find({ vin: '1N4AL11D75C109151' }) // Vehicle | undefined, through the unique index
  return [id, car]
}

export async function wrongType(ledger: Ledger): Promise<void> {
  const cars = await ledger.table(Vehicle)
  // @ts-expect-error does not compile; at run time: SchemaError at `owner`
  await cars.insert({ vin: '1N4AL11D75C109151', owner: 42, year: 2021 })
}

export async function unknownFields(ledger: Ledger): Promise<void> {
  // @ts-expect-error only fields of the documents can be indexed
  table('Vehicle', carSchema, { unique: ['wheels'] })
  const cars = await ledger.table(Vehicle)
  // @ts-expect-error only fields of the documents can be looked for
  await cars.find({ wheels: 4 })
}
