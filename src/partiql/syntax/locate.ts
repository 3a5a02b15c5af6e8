import type { StatementLocation } from '../../errors.ts'

/**
 * Line and column of a place in a statement, both from 1; a line ends at `\n`, `\r\n` or `\r`, a column is a UTF-16 unit.
 *
 * @param offset in UTF-16 units, 0 to the length of the text
 */
export function locate(text: string, offset: number, length: number = 0): StatementLocation {
  let line = 1
  let lineStart = 0
  for (let at = 0; at < offset; at += 1) {
    const code = text.charCodeAt(at)
    const isBreak = code === 0x0a || (code === 0x0d && text.charCodeAt(at + 1) !== 0x0a)
    if (!isBreak) continue
    line += 1
    lineStart = at + 1
  }
  return { line, column: offset - lineStart + 1, offset, length }
}
