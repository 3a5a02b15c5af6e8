import { StatementError } from '../../errors.ts'
import { type IonField, IonStruct, type IonValue } from '../../ion/index.ts'
import { MISSING } from '../value/engine-value.ts'
import { textOf } from '../value/family.ts'
import type { Evaluate, RowCursor } from './compiler.ts'
import type { Frame } from './frame.ts'
import { typeName } from './type-name.ts'

/** PIVOT: the rows as one struct. Pairs without a value or without a text as name are left out. */
export function permissivePivot(rows: RowCursor, output: Evaluate, name: Evaluate, frame: Frame): IonStruct {
  return pivot(rows, output, name, frame, () => {})
}

/** See {@link permissivePivot}. @throws {StatementError} TYPE_ERROR for a name that is no text */
export function strictPivot(rows: RowCursor, output: Evaluate, name: Evaluate, frame: Frame): IonStruct {
  return pivot(rows, output, name, frame, (found) => {
    throw new StatementError('TYPE_ERROR', `PIVOT needs a text after AT, found ${found}.`)
  })
}

function pivot(
  rows: RowCursor,
  output: Evaluate,
  name: Evaluate,
  frame: Frame,
  refuse: (found: string) => void,
): IonStruct {
  const fields: IonField[] = []
  const held = frame.budget.open('PIVOT')
  try {
    while (rows.next()) {
      const given = name(frame)
      const fieldName = textOf(given)
      const value = output(frame)
      if (fieldName === undefined) refuse(typeName(given))
      else if (value !== MISSING) {
        held.add([fieldName, value])
        fields.push({ name: fieldName, value: value as IonValue })
      }
    }
  } finally {
    held.release()
    rows.close()
  }
  return new IonStruct(fields)
}
