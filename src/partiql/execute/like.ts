import { StatementError } from '../../errors.ts'

/** Answers whether a whole text matches a pattern. */
export type TextMatcher = (text: string) => boolean

/**
 * Compiles a LIKE pattern: `%` is any run, `_` one code point, everything else itself, case-sensitive. Without
 * ESCAPE no character escapes. Plain shapes (`abc`, `abc%`, `%abc`, `%abc%`) need no regular expression.
 *
 * @throws {StatementError} EVALUATION_ERROR when the escape is not one character or precedes an ordinary one
 */
export function compileLike(pattern: string, escapeWith: string | undefined): TextMatcher {
  if (escapeWith !== undefined && [...escapeWith].length !== 1) {
    throw new StatementError(
      'EVALUATION_ERROR',
      `ESCAPE must be exactly one character, got ${JSON.stringify(escapeWith)}.`,
    )
  }
  const parts: (string | typeof ANY_RUN | typeof ANY_ONE)[] = []
  let literal = ''
  const characters = [...pattern]
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index]!
    if (character === escapeWith) {
      const next = characters[++index]
      if (next !== '%' && next !== '_' && next !== escapeWith) {
        throw new StatementError(
          'EVALUATION_ERROR',
          `In LIKE ${JSON.stringify(pattern)} the escape ${escapeWith} must stand before %, _ or itself.`,
        )
      }
      literal += next
    } else if (character === '%' || character === '_') {
      if (literal !== '') parts.push(literal)
      literal = ''
      if (character === '_') parts.push(ANY_ONE)
      else if (parts.at(-1) !== ANY_RUN) parts.push(ANY_RUN)
    } else {
      literal += character
    }
  }
  if (literal !== '') parts.push(literal)
  return simpleMatcher(parts) ?? generalMatcher(parts)
}

const ANY_RUN = Symbol('%')
const ANY_ONE = Symbol('_')

function simpleMatcher(parts: readonly (string | symbol)[]): TextMatcher | undefined {
  const [first, second, third] = parts
  if (parts.length === 0) return (text) => text === ''
  if (parts.length === 1) {
    if (typeof first === 'string') return (text) => text === first
    if (first === ANY_RUN) return () => true
  }
  if (parts.length === 2) {
    if (typeof first === 'string' && second === ANY_RUN) return (text) => text.startsWith(first)
    if (first === ANY_RUN && typeof second === 'string') return (text) => text.endsWith(second)
  }
  if (parts.length === 3 && first === ANY_RUN && typeof second === 'string' && third === ANY_RUN) {
    return (text) => text.includes(second)
  }
  return undefined
}

/** Greedy with one point to come back to, so that no pattern takes more than length × pattern steps. */
function generalMatcher(parts: readonly (string | symbol)[]): TextMatcher {
  const units = parts.flatMap((part): (string | symbol)[] => (typeof part === 'string' ? [...part] : [part]))
  return (text) => {
    const characters = [...text]
    let at = 0
    let unit = 0
    let runUnit = -1
    let runAt = 0
    while (at < characters.length) {
      const want = units[unit]
      if (want === ANY_RUN) {
        runUnit = unit++
        runAt = at
      } else if (want === ANY_ONE || want === characters[at]) {
        unit++
        at++
      } else if (runUnit >= 0) {
        unit = runUnit + 1
        at = ++runAt
      } else {
        return false
      }
    }
    while (units[unit] === ANY_RUN) unit++
    return unit === units.length
  }
}
