/**
 * Finds where a backtick literal ends. Ion strings, quoted symbols, comments and lobs may hold backticks of their own,
 * so the text between has to be skipped as Ion; whether it is good Ion is decided when the value is read.
 *
 * @param start the offset of the opening backtick
 * @returns the offset after the closing backtick, or -1 when there is none
 */
export function endOfIonLiteral(text: string, start: number): number {
  let at = start + 1
  while (at < text.length) {
    switch (text.charCodeAt(at)) {
      case 0x60: // `
        return at + 1
      case 0x22: // "
        at = endOfQuoted(text, at, '"')
        break
      case 0x27: // '
        at = text.startsWith("'''", at) ? endOfQuoted(text, at, "'''") : endOfQuoted(text, at, "'")
        break
      case 0x2f: // /
        at = endOfComment(text, at)
        break
      case 0x7b: // {
        at = text.charCodeAt(at + 1) === 0x7b ? endOfLob(text, at) : at + 1
        break
      default:
        at += 1
    }
    if (at === -1) return -1
  }
  return -1
}

function endOfQuoted(text: string, start: number, quote: string): number {
  let at = start + quote.length
  while (at < text.length) {
    if (text.charCodeAt(at) === 0x5c) at += 2
    else if (text.startsWith(quote, at)) return at + quote.length
    else at += 1
  }
  return -1
}

function endOfComment(text: string, start: number): number {
  if (text.startsWith('/*', start)) {
    const end = text.indexOf('*/', start + 2)
    return end === -1 ? -1 : end + 2
  }
  if (text.startsWith('//', start)) {
    // A comment does not swallow the closing backtick of its own line: `1 // one` is closed.
    let at = start + 2
    while (at < text.length && text[at] !== '\n' && text[at] !== '\r' && text[at] !== '`') at += 1
    return at
  }
  return start + 1
}

/** `{{ base64 }}`, `{{ "clob" }}` or `{{ '''clob''' }}`; base64 may contain `//`. */
function endOfLob(text: string, start: number): number {
  let at = start + 2
  while (at < text.length) {
    if (text.startsWith('}}', at)) return at + 2
    const quote = text.startsWith("'''", at) ? "'''" : text[at] === '"' ? '"' : ''
    if (quote === '') {
      if (text[at] === '`') return at // not a lob after all; the reader of the value will say so
      at += 1
    } else {
      at = endOfQuoted(text, at, quote)
      if (at === -1) return -1
    }
  }
  return -1
}
