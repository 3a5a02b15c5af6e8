import { type IonValue, parseOne } from '../ion/index.ts'
import { UsageError } from './exit-code.ts'

/**
 * A parameter as it is written on a command line: Ion text, of which JSON is a part.
 *
 *     42   50.00   "Maria"   {vin: "1N4AL11D75C109151"}   2026-01-01T
 *
 * @throws {UsageError} when it is neither; a bare word is a symbol in Ion, but here almost always a forgotten quote
 */
export function parseParameter(text: string): IonValue {
  let value: IonValue
  try {
    value = parseOne(text)
  } catch (cause) {
    const hint = `Write texts with quotes, for example --param '"${text.replaceAll('"', '')}"'.`
    throw new UsageError(`--param ${text} is not Ion or JSON. ${hint}`, { cause })
  }
  if (/^[A-Za-z_$][\w$]*$/.test(text) && !/^(true|false|null|nan)$/.test(text)) {
    throw new UsageError(`--param ${text} is a bare word. Write '"${text}"' for a text, "'${text}'" for a symbol.`)
  }
  return value
}
