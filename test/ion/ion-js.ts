import {
  Decimal as IonJsDecimal,
  Timestamp as IonJsTimestamp,
  type IonType as IonJsType,
  IonTypes,
  makeBinaryWriter,
  makeReader,
  type Reader,
  type Writer,
} from 'ion-js'
import {
  Decimal,
  IonAnnotated,
  type IonBareValue,
  IonBlob,
  IonClob,
  IonFloat,
  IonList,
  IonNull,
  IonSexp,
  IonStruct,
  IonSymbol,
  type IonType,
  type IonValue,
  Timestamp,
} from '../../src/ion/index.ts'

// The independent implementation that ours is held against: ion-js reads and writes, this file only translates.

/** Reads a binary stream with ion-js. */
export function ionJsRead(bytes: Uint8Array): IonValue[] {
  const reader = makeReader(bytes)
  const values: IonValue[] = []
  while (reader.next() !== null) values.push(fromReader(reader))
  return values
}

/** Writes a binary stream with ion-js. */
export function ionJsWrite(values: readonly IonValue[]): Uint8Array {
  const writer = makeBinaryWriter()
  for (const value of values) toWriter(value, writer)
  writer.close()
  return writer.getBytes()
}

function fromReader(reader: Reader): IonValue {
  const annotations = reader.annotations()
  const value = bareFromReader(reader)
  return annotations.length === 0 ? value : new IonAnnotated(annotations, value)
}

function bareFromReader(reader: Reader): IonBareValue {
  const type = reader.type()!.name as IonType
  if (reader.isNull()) return IonNull.of(type)
  switch (type) {
    case 'null':
      return IonNull.of('null')
    case 'bool':
      return reader.booleanValue()!
    case 'int': {
      const value = reader.bigIntValue()!
      return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
        ? Number(value)
        : value
    }
    case 'float':
      return new IonFloat(reader.numberValue()!)
    case 'decimal': {
      const decimal = reader.decimalValue()!
      return Decimal.of(decimal.getCoefficient(), decimal.getExponent(), decimal.isNegative())
    }
    case 'timestamp':
      return Timestamp.parse(reader.timestampValue()!.toString())
    case 'symbol':
      return new IonSymbol(reader.stringValue() ?? undefined)
    case 'string':
      return reader.stringValue()!
    case 'clob':
      return new IonClob(reader.uInt8ArrayValue()!)
    case 'blob':
      return new IonBlob(reader.uInt8ArrayValue()!)
    case 'list':
    case 'sexp': {
      const items: IonValue[] = []
      reader.stepIn()
      while (reader.next() !== null) items.push(fromReader(reader))
      reader.stepOut()
      return type === 'list' ? new IonList(items) : new IonSexp(items)
    }
    case 'struct': {
      const fields: { name: string; value: IonValue }[] = []
      reader.stepIn()
      while (reader.next() !== null) fields.push({ name: reader.fieldName()!, value: fromReader(reader) })
      reader.stepOut()
      return new IonStruct(fields)
    }
  }
}

const TYPES: Readonly<Record<IonType, IonJsType>> = {
  null: IonTypes.NULL,
  bool: IonTypes.BOOL,
  int: IonTypes.INT,
  float: IonTypes.FLOAT,
  decimal: IonTypes.DECIMAL,
  timestamp: IonTypes.TIMESTAMP,
  symbol: IonTypes.SYMBOL,
  string: IonTypes.STRING,
  clob: IonTypes.CLOB,
  blob: IonTypes.BLOB,
  list: IonTypes.LIST,
  sexp: IonTypes.SEXP,
  struct: IonTypes.STRUCT,
}

function toWriter(value: IonValue, writer: Writer): void {
  if (value instanceof IonAnnotated) {
    writer.setAnnotations([...value.annotations])
    toWriter(value.value, writer)
  } else if (typeof value === 'boolean') {
    writer.writeBoolean(value)
  } else if (typeof value === 'number' || typeof value === 'bigint') {
    writer.writeInt(value)
  } else if (typeof value === 'string') {
    writer.writeString(value)
  } else if (value instanceof IonNull) {
    writer.writeNull(TYPES[value.type])
  } else if (value instanceof IonFloat) {
    writer.writeFloat64(value.value)
  } else if (value instanceof Decimal) {
    const isNegative = value.coefficient < 0n || value.isNegativeZero
    writer.writeDecimal(new IonJsDecimal(value.coefficient, value.exponent, isNegative))
  } else if (value instanceof Timestamp) {
    writer.writeTimestamp(IonJsTimestamp.parse(value.toString()))
  } else if (value instanceof IonSymbol) {
    writer.writeSymbol(value.text!)
  } else if (value instanceof IonBlob) {
    writer.writeBlob(value.bytes)
  } else if (value instanceof IonClob) {
    writer.writeClob(value.bytes)
  } else {
    writer.stepIn(
      value instanceof IonStruct ? IonTypes.STRUCT : value instanceof IonList ? IonTypes.LIST : IonTypes.SEXP,
    )
    if (value instanceof IonStruct) {
      for (const field of value.fields) {
        writer.writeFieldName(field.name)
        toWriter(field.value, writer)
      }
    } else {
      for (const item of value.items) toWriter(item, writer)
    }
    writer.stepOut()
  }
}
