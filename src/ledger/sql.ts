/**
 * A piece of a statement with the values that belong to it, made by the {@link sql} tag. It can only be made by the
 * tag, so a value that came from outside (JSON, a form, a network) is never mistaken for text of a statement.
 */
export class Fragment {
  readonly #strings: readonly string[]
  readonly #values: readonly unknown[]

  /** @internal use the {@link sql} tag */
  constructor(strings: readonly string[], values: readonly unknown[]) {
    this.#strings = strings
    this.#values = values
  }

  /** @internal appends this fragment's text to `text` and its values to `values`; returns the longer text */
  static append(text: string, strings: readonly string[], from: readonly unknown[], values: unknown[]): string {
    text += strings[0]
    for (let index = 0; index < from.length; index++) {
      const value = from[index]
      if (value instanceof Fragment) {
        text = Fragment.append(text, value.#strings, value.#values, values)
      } else {
        text += '?'
        values.push(value)
      }
      text += strings[index + 1]
    }
    return text
  }
}

/** A statement ready to run: its text with a `?` for each value, and the values in that order. */
export interface StatementText {
  readonly text: string
  readonly values: readonly unknown[]
}

/**
 * A piece of a statement, to be put into a `ledger.sql` or `tx.sql` template, or into another piece. Values inside
 * become parameters of the whole statement, in the order in which they stand.
 *
 * ```ts
 * const young = sql`year >= ${2020}`
 * await ledger.sql`SELECT * FROM Vehicle WHERE ${young} AND owner = ${'Maria'}`
 * // SELECT * FROM Vehicle WHERE year >= ? AND owner = ?      with 2020, 'Maria'
 * ```
 *
 * @throws {TypeError} when called as a function with a string: the text of a statement is only ever written in a
 *   template, so that values cannot slip into it
 */
export function sql(strings: TemplateStringsArray, ...values: readonly unknown[]): Fragment {
  requireTemplate(strings, 'sql')
  return new Fragment(strings, values)
}

/** A template literal is one object for ever, so its text is joined once. */
const joinedTexts = new WeakMap<TemplateStringsArray, string>()

/**
 * The statement of a tagged template: fragments are spliced in, every other value becomes a `?`. Costs one look into
 * a weak map when there are no fragments.
 *
 * @throws {TypeError} when `strings` is not a template's
 */
export function composeStatement(strings: TemplateStringsArray, values: readonly unknown[]): StatementText {
  for (let index = 0; index < values.length; index++) {
    if (values[index] instanceof Fragment) {
      requireTemplate(strings, 'ledger.sql')
      const collected: unknown[] = []
      return { text: Fragment.append('', strings, values, collected), values: collected }
    }
  }
  let text = joinedTexts.get(strings)
  if (text === undefined) {
    requireTemplate(strings, 'ledger.sql')
    text = strings.join('?')
    joinedTexts.set(strings, text)
  }
  return { text, values }
}

function requireTemplate(strings: unknown, name: string): void {
  if (Array.isArray(strings) && Array.isArray((strings as { raw?: unknown }).raw)) return
  throw new TypeError(
    `${name} is a template tag: write ${name}\`SELECT …\`, with values as \${value}. ` +
      'To run a text with ? parameters, call execute(text, ...parameters).',
  )
}
