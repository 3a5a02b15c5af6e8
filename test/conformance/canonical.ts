/**
 * The equality that expected results are judged by: the suite's reference comparison, which is the ordering comparison of
 * PartiQL answering "equal" with NULL and MISSING kept apart. Each side is written as a canonical text, and the texts are
 * compared, so that bags of thousands of structs cost a sort. Nothing of the engine's own equality is used.
 *
 * Equal are: numbers of one value, whatever their Ion type and scale; texts and symbols by code points; lobs by bytes;
 * arrays by position; bags, and the pairs of structs, as multisets; zoned timestamps and times by instant, others by
 * their fields; intervals by their length. Annotations and the order of fields mean nothing.
 */
import {
  Decimal,
  IonAnnotated,
  IonBlob,
  IonClob,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  Timestamp,
} from '../../src/ion/index.ts'
import {
  Bag,
  DateValue,
  type EngineValue,
  Interval,
  LocalTimestamp,
  MISSING,
  TimeValue,
} from '../../src/partiql/public.ts'

/** The canonical text of what the engine answered. */
export function canonicalText(value: EngineValue): string {
  if (value === MISSING) return 'MISSING'
  switch (typeof value) {
    case 'boolean':
      return String(value)
    case 'number':
    case 'bigint':
      return numberText(String(value))
    case 'string':
      return JSON.stringify(value)
    default:
      return objectText(value as Exclude<typeof value, boolean | number | bigint | string>)
  }
}

function objectText(value: Exclude<EngineValue, boolean | number | bigint | string>): string {
  if (value instanceof IonAnnotated) return canonicalText(value.value)
  if (value instanceof IonNull) return 'NULL'
  if (value instanceof Bag) return `<<${value.items.map(canonicalText).sort().join()}>>`
  if (value instanceof IonList || value instanceof IonSexp) return `[${value.items.map(canonicalText).join()}]`
  if (value instanceof IonStruct) {
    const pairs = value.fields.map((field) => `${JSON.stringify(field.name)}:${canonicalText(field.value)}`)
    return `{${pairs.sort().join()}}`
  }
  if (value instanceof IonSymbol) return JSON.stringify(value.text ?? null)
  if (value instanceof IonFloat)
    return Number.isFinite(value.value) ? numberText(String(value.value)) : `${value.value}`
  if (value instanceof Decimal) return scaledText(value.coefficient, value.exponent)
  if (value instanceof IonBlob || value instanceof IonClob) return `lob ${Buffer.from(value.bytes).toString('hex')}`
  if (value instanceof Timestamp) return timestampText(value)
  if (value instanceof DateValue) return `date ${value.toString()}`
  if (value instanceof TimeValue) {
    return value.offsetMinutes === undefined ? `time ${value.nanosOfDay}` : `zoned time ${zonedNanos(value)}`
  }
  if (value instanceof LocalTimestamp) return `local timestamp ${value.date.toString()} ${value.nanosOfDay}`
  if (value instanceof Interval) return `${value.family} ${value.amount}`
  throw new Error(`no canonical text for ${String((value as object).constructor.name)}`)
}

/** `1.50e3` → `15*10^2`. A float is read by its shortest digits. */
function numberText(digits: string): string {
  const [mantissa = '', exponent = '0'] = digits.split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return scaledText(BigInt(whole + fraction), Number(exponent) - fraction.length)
}

function scaledText(coefficient: bigint, exponent: number): string {
  if (coefficient === 0n) return '0'
  const digits = String(coefficient)
  const stripped = digits.replace(/0+$/, '')
  return `${stripped}*10^${exponent + digits.length - stripped.length}`
}

/** A time with a zone by its instant: nanoseconds of the day in UTC, which may lie beyond midnight. */
function zonedNanos({ nanosOfDay, offsetMinutes = 0 }: TimeValue): number {
  return nanosOfDay - offsetMinutes * 60_000_000_000
}

/** A timestamp with a zone is its instant; an unknown offset, and parts that precision leaves out, count as zero. */
function timestampText(value: Timestamp): string {
  const { fraction } = value
  const seconds = new Decimal(BigInt(value.epochSeconds()))
  const total = fraction === undefined ? seconds : seconds.plus(Decimal.of(fraction.coefficient, -fraction.digits))
  return `timestamp ${scaledText(total.coefficient, total.exponent)}`
}
