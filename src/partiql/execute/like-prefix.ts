/**
 * What every text that matches a LIKE pattern begins with: the pattern up to its first `%` or `_`, escapes resolved.
 * Empty when nothing is sure, as with an escape that is not allowed.
 */
export function likePrefix(pattern: string, escapeWith: string | undefined): string {
  let prefix = ''
  const characters = [...pattern]
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index]!
    if (character === escapeWith) {
      const next = characters[++index]
      if (next !== '%' && next !== '_' && next !== escapeWith) return ''
      prefix += next
    } else if (character === '%' || character === '_') break
    else prefix += character
  }
  // Half a character may be the first half of another one.
  return /\p{Surrogate}/u.test(prefix) ? '' : prefix
}

/** The smallest text, by code points, behind all that begin with `prefix`; undefined when there is none. */
export function textAfterPrefix(prefix: string): string | undefined {
  const points = [...prefix]
  while (points.length > 0) {
    const last = points.pop()!.codePointAt(0)!
    // Behind U+D7FF come the halves of surrogate pairs, which do occur in texts but cannot stand alone here.
    if (last !== 0x10ffff) return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)
  }
  return undefined
}
