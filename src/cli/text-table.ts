/** Columns a text takes on a terminal: code points, wide ones (CJK, emoji) twice, combining ones not at all. */
export function displayWidth(text: string): number {
  // Plain ASCII takes as many columns as it has characters.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
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

/**
 * Characters that steer a terminal or reorder what it shows: controls, line and paragraph separators, marks that turn
 * the direction of writing (Trojan Source, CVE-2021-42574).
 */
const STEERING = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** What a table shows of a cell: one line, with whatever steers a terminal escaped. */
export function printable(text: string): string {
  return text.replace(STEERING, (character) =>
    character === '\n' ? '\\n' : character === '\t' ? '\\t' : escaped(character),
  )
}

/**
 * A text of many lines, with whatever else steers a terminal escaped. In JSON and Ion text such characters stand in
 * strings only, where the escape says the same.
 */
export function printableLines(text: string): string {
  return text.replace(STEERING, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  )
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

/** How wide each column is: as wide as its widest cell. */
export function columnWidths(header: readonly string[], rows: readonly (readonly (Cell | undefined)[])[]): number[] {
  return header.map((name, column) => {
    let width = displayWidth(name)
    for (const row of rows) width = Math.max(width, displayWidth(row[column]?.text ?? ''))
    return width
  })
}

function tableLine(cells: readonly string[]): string {
  return ` ${cells.join(' | ')}`.trimEnd()
}

/** Header and rule of a table as psql draws it: two lines. */
export function tableHeader(header: readonly string[], widths: readonly number[]): string {
  const names = tableLine(header.map((name, column) => pad(name, widths[column]!, false)))
  return `${names}\n${widths.map((width) => '-'.repeat(width + 2)).join('+')}`
}

/** A line a row. Absent cells are blank. */
export function tableRows(rows: readonly (readonly (Cell | undefined)[])[], widths: readonly number[]): string {
  return rows
    .map((row) =>
      tableLine(widths.map((width, column) => pad(row[column]?.text ?? '', width, row[column]?.isNumber ?? false))),
    )
    .join('\n')
}

/** A table as psql draws it: a header, a rule, a line a row. */
export function textTable(header: readonly string[], rows: readonly (readonly (Cell | undefined)[])[]): string {
  const widths = columnWidths(header, rows)
  const top = tableHeader(header, widths)
  return rows.length === 0 ? top : `${top}\n${tableRows(rows, widths)}`
}

/**
 * One line a field, a heading a row: for rows that are wider than the terminal. Absent cells are left out.
 *
 * @param firstRow number of the first row, from 1
 */
export function expandedTable(
  header: readonly string[],
  rows: readonly (readonly (Cell | undefined)[])[],
  firstRow = 1,
): string {
  const width = Math.max(0, ...header.map(displayWidth))
  return rows
    .map((row, index) =>
      [
        `-[ row ${firstRow + index} ]${'-'.repeat(24)}`,
        ...header.flatMap((name, column) =>
          row[column] === undefined ? [] : [`${pad(name, width, false)} | ${row[column].text}`],
        ),
      ].join('\n'),
    )
    .join('\n')
}
