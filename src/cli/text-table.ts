/** Columns a text takes on a terminal: code points, wide ones (CJK, emoji) twice, combining ones not at all. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    if (/\p{Mark}/u.test(character) || code < 0x20) continue
    width +=
      code >= 0x1100 &&
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1
  }
  return width
}

/** What a table shows of a cell: one line, control characters escaped so that a document cannot steer the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => {
    if (character === '\n') return '\\n'
    if (character === '\t') return '\\t'
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

function pad(text: string, width: number, isRight: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return isRight ? blanks + text : text + blanks
}

/** One cell: its text, and whether it is aligned to the right, as numbers are. */
export interface Cell {
  readonly text: string
  readonly isNumber: boolean
}

/** A table as psql draws it: a header, a rule, a line a row. */
export function textTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const widths = header.map((name, column) =>
    Math.max(displayWidth(name), ...rows.map((row) => displayWidth(row[column]?.text ?? ''))),
  )
  const line = (cells: readonly string[]): string => ` ${cells.join(' | ')}`.trimEnd()
  return [
    line(header.map((name, column) => pad(name, widths[column]!, false))),
    widths.map((width) => '-'.repeat(width + 2)).join('+'),
    ...rows.map((row) =>
      line(header.map((_, column) => pad(row[column]?.text ?? '', widths[column]!, row[column]?.isNumber ?? false))),
    ),
  ].join('\n')
}

/** One line a field, a heading a row: for rows that are wider than the terminal. */
export function expandedTable(header: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const width = Math.max(0, ...header.map(displayWidth))
  return rows
    .map((row, index) =>
      [
        `-[ row ${index + 1} ]${'-'.repeat(24)}`,
        ...header.flatMap((name, column) =>
          row[column] === undefined ? [] : [`${pad(name, width, false)} | ${row[column].text}`],
        ),
      ].join('\n'),
    )
    .join('\n')
}
