import { type Piece, statementState, tokenize } from '../../partiql/index.ts'

/** Something to do: a statement without its semicolon, or a command of the shell. */
export interface Entry {
  readonly kind: 'statement' | 'command'
  readonly text: string
  /** Line of the input on which it begins, from 1. */
  readonly line: number
}

/** Above this length, in characters, a statement of several lines in a script ends with a semicolon only. */
const MAX_PARSED_LENGTH = 4096

const COMMAND = /^\s*(?:\\|\.[a-z?])/i
/** Words of QLDB's shell: commands when they stand alone on a line. */
const SHELL_WORD =
  /^\s*(?:begin|begin\s+transaction|start\s+transaction|commit|abort|rollback|help|exit|quit)\s*;?\s*$/i

/**
 * Cuts lines into statements and commands. A statement ends
 *
 * - with a semicolon outside of strings and comments;
 * - or where it is complete and the next line cannot go on with it, which the parser decides.
 *
 * A line that ends in a backslash goes on in any case. Knows nothing of where lines come from.
 */
export class StatementReader {
  #pending = ''
  /** Line on which `#pending` begins. */
  #pendingLine = 1
  #line = 0
  #mustGoOn = false

  /** What was read and is not done yet; empty when nothing is. */
  get pending(): string {
    return this.#pending.trim() === '' ? '' : this.#pending
  }

  /** Takes the next line. @returns what is certain to have ended with it */
  add(line: string): Entry[] {
    this.#line++
    const isGoingOn = this.#mustGoOn
    this.#mustGoOn = false
    const text = line.replace(/\r$/, '')
    const done: Entry[] = []
    if (!isGoingOn && this.pending !== '' && this.#unclosed() === undefined) {
      if (this.#isWholeBefore(text)) {
        done.push(...this.#take())
      } else if (text.trimStart().startsWith('\\')) {
        // As in psql, a command may stand between the lines of a statement.
        return [{ kind: 'command', text: text.trim(), line: this.#line }]
      }
    }
    if (this.pending === '') {
      this.#pending = ''
      this.#pendingLine = this.#line
      if (COMMAND.test(text) || SHELL_WORD.test(text)) {
        return [...done, { kind: 'command', text: text.trim(), line: this.#line }]
      }
    }
    this.#mustGoOn = /\s\\$/.test(text)
    const kept = this.#mustGoOn ? text.slice(0, -1) : text
    this.#pending += this.#pending === '' ? kept : `\n${kept}`
    if (!text.includes(';')) return done
    done.push(...this.#split())
    const behind = this.pending.trim()
    if (!behind.startsWith('\\')) return done
    this.clear()
    return [...done, { kind: 'command', text: behind, line: this.#line }]
  }

  /**
   * For a person who waits: what is pending, if it can be run as it is.
   *
   * A SELECT that names fields and has no FROM yet is not ready, although it parses.
   */
  ready(): Entry[] {
    if (this.pending === '' || this.#mustGoOn) return []
    const state = statementState(this.#pending)
    return state === 'open' || (state === 'complete' && waitsForFrom(this.#pending)) ? [] : this.#take()
  }

  /** At the end of the input: what is left, complete or not. */
  end(): Entry[] {
    return this.#take()
  }

  /** Forgets what is pending. */
  clear(): void {
    this.#pending = ''
    this.#mustGoOn = false
  }

  /** The sign that a prompt shows for what is open: `'`, `"`, `` ` ``, `/` for a comment, `-` for a statement. */
  get mark(): string {
    return this.#unclosed()?.charAt(0) ?? '-'
  }

  #unclosed(): string | undefined {
    const last = tokenize(this.#pending).at(-1)
    return last?.kind === 'unclosed' ? last.text : undefined
  }

  /** True when what is pending is a statement and `line` does not go on with it. */
  #isWholeBefore(line: string): boolean {
    if (line.trim() === '' || this.#pending.length > MAX_PARSED_LENGTH) return false
    if (statementState(this.#pending) !== 'complete' || waitsForFrom(this.#pending)) return false
    return COMMAND.test(line) || SHELL_WORD.test(line) || statementState(`${this.#pending}\n${line}`) === 'wrong'
  }

  /** Everything pending as one statement. */
  #take(): Entry[] {
    const entries = this.#entry(this.#pending, this.#pendingLine)
    this.clear()
    return entries
  }

  /** Cuts off what ends with a semicolon. */
  #split(): Entry[] {
    const entries: Entry[] = []
    let from = 0
    for (const { kind, text, offset } of tokenize(this.#pending)) {
      if (kind !== 'symbol' || text !== ';') continue
      entries.push(...this.#entry(this.#pending.slice(from, offset), this.#pendingLine + newlines(this.#pending, from)))
      from = offset + 1
    }
    this.#pendingLine += newlines(this.#pending, from)
    this.#pending = this.#pending.slice(from)
    return entries
  }

  /** None when there is nothing but white space and comments. */
  #entry(text: string, line: number): Entry[] {
    if (!tokenize(text).some(({ kind }) => kind !== 'comment')) return []
    const lead = text.length - text.trimStart().length
    return [
      { kind: SHELL_WORD.test(text) ? 'command' : 'statement', text: text.trim(), line: line + newlines(text, lead) },
    ]
  }
}

function newlines(text: string, end: number): number {
  let count = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) count++
  return count
}

/** `SELECT *` and `SELECT vin`: they parse, but without FROM there is nothing that the names could mean. */
function waitsForFrom(text: string): boolean {
  const pieces = tokenize(text).filter(({ kind }) => kind !== 'comment')
  if (pieces[0]?.text.toUpperCase() !== 'SELECT' || pieces.at(-1)?.text === ';') return false
  if (pieces.some((piece) => piece.kind === 'keyword' && piece.text.toUpperCase() === 'FROM')) return false
  return pieces.some((piece, index) => isReference(piece, pieces[index - 1], pieces[index + 1], index))
}

function isReference(piece: Piece, before: Piece | undefined, after: Piece | undefined, index: number): boolean {
  if (piece.text === '*') return index === 1
  return piece.kind === 'name' && after?.text !== '(' && before?.text.toUpperCase() !== 'AS'
}
