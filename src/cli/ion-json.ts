import { encodeBase64 } from '../hash/index.ts'
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
  type IonValue,
  Timestamp,
} from '../ion/index.ts'

/**
 * An Ion value as JSON, losing what JSON cannot say: types of nulls, annotations, symbols, precision of timestamps.
 * Numbers keep every digit. Source of the rules: Ion cookbook, "Converting to JSON".
 */
export function ionToJson(value: IonValue): string {
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'bigint':
      return String(value)
    case 'string':
      return JSON.stringify(value)
    default:
      return objectToJson(value)
  }
}

function objectToJson(value: Exclude<IonValue, boolean | number | bigint | string>): string {
  if (value instanceof IonNull) return 'null'
  if (value instanceof IonFloat) return Number.isFinite(value.value) ? String(value.value) : 'null'
  if (value instanceof Decimal) return decimalToJson(value)
  if (value instanceof Timestamp) return JSON.stringify(value.toString())
  if (value instanceof IonSymbol) return JSON.stringify(value.text ?? '$0')
  if (value instanceof IonBlob) return JSON.stringify(encodeBase64(value.bytes))
  if (value instanceof IonClob)
    return JSON.stringify(Array.from(value.bytes, (byte) => String.fromCharCode(byte)).join(''))
  if (value instanceof IonList || value instanceof IonSexp) return `[${value.items.map(ionToJson).join(',')}]`
  if (value instanceof IonAnnotated) return ionToJson(value.value)
  if (value instanceof IonStruct) {
    return `{${value.fields.map(({ name, value: field }) => `${JSON.stringify(name)}:${ionToJson(field)}`).join(',')}}`
  }
  return value satisfies never
}

/** `1d3` is 1e3, `50.` is 50, `-0.` is -0: Ion's text is not always a number of JSON. */
function decimalToJson(value: Decimal): string {
  return value
    .toString()
    .replace(/[dD]/, 'e')
    .replace(/\.(?=$|e)/, '')
}
