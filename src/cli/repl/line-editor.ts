import { createInterface, emitKeypressEvents, type Interface, type Key } from 'node:readline'
import { Readable, Writable } from 'node:stream'
import type { Io } from '../io.ts'
import { displayWidth, printable } from '../text-table.ts'
import type { InputHistory } from './input-history.ts'

/** What a line editor tells whoever reads from it. */
export interface LineEvents {
  /** What was typed or pasted, at least one line; the first one is on the screen already. */
  lines(lines: readonly string[]): void
  /** Ctrl-C: the line is gone. @param wasEmpty nothing was typed */
  interrupt(wasEmpty: boolean): void
  /** Ctrl-D on an empty line, or the terminal is gone. */
  end(isGone: boolean): void
  /** Whole words for the end of `line`, and the part that they replace. */
  complete(line: string): Promise<readonly [words: string[], replaced: string]>
}

/**
 * A line with a cursor: Node's readline with keys of its own in front of it, for Ctrl-R, Ctrl-D and pasted text.
 *
 * Between {@link LineEvents.lines} and {@link prompt} nobody is asked: keys wait in the terminal, and Ctrl-C is a signal.
 */
export class LineEditor {
  readonly #io: Io
  readonly #events: LineEvents
  readonly #history: InputHistory
  readonly #keys: KeySource
  readonly #echo: Echo
  readonly #readline: Interface
  readonly #onKey: (text: string | undefined, key: Key) => void
  #search: { query: string; index: number; readonly typed: string } | undefined
  #lines: string[] = []
  /** Characters that are not in the line yet. */
  #typed = ''
  #isAsking = false
  #isClosed = false

  constructor(io: Io, history: InputHistory, events: LineEvents) {
    this.#io = io
    this.#events = events
    this.#history = history
    this.#keys = new KeySource((isRaw) => io.input.setRawMode?.(isRaw))
    this.#echo = new Echo(io)
    this.#readline = createInterface({
      input: this.#keys,
      output: this.#echo,
      terminal: true,
      prompt: '',
      history: [...history.entries],
      historySize: 1000,
      completer: (line: string, done: (error: Error | null, result: [string[], string]) => void) => {
        events.complete(line).then(
          ([words, replaced]) => done(null, [words, replaced]),
          () => done(null, [[], line]),
        )
      },
    })
    this.#readline.on('line', (line) => this.#takeLine(line))
    // What the history holds is decided by `remember`, which knows whole statements.
    this.#readline.on('history', (entries: string[]) => this.#setHistory(entries))
    this.#onKey = (text, key) => this.#takeKey(text, key)
    emitKeypressEvents(io.input)
    io.input.on('keypress', this.#onKey)
    io.input.on('end', () => this.#gone())
    io.input.on('error', () => this.#gone())
  }

  /** Shows a prompt and asks for a line; what is typed already stands behind it. */
  prompt(text: string): void {
    if (this.#isClosed) return
    this.#readline.setPrompt(text)
    if (!this.#isAsking) {
      this.#isAsking = true
      this.#keys.setRawMode(true)
      this.#io.input.resume()
    }
    this.#echo.isMuted = false
    if (this.#search === undefined) this.#readline.prompt(true)
  }

  /** Takes a whole statement or command into the history, and into what the arrow keys find. */
  remember(text: string): void {
    this.#history.add(text)
    if (this.#entries !== undefined) this.#setHistory(this.#entries)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#io.input.off('keypress', this.#onKey)
    this.#echo.isMuted = true
    this.#readline.close()
    this.#keys.setRawMode(false)
    this.#io.input.pause()
  }

  /** The array that readline keeps its history in; known once the first line was entered. */
  #entries: string[] | undefined

  #setHistory(entries: string[]): void {
    this.#entries = entries
    entries.splice(0, entries.length, ...this.#history.entries)
  }

  #gone(): void {
    if (!this.#isClosed) this.#events.end(true)
  }

  /** Lines that come in one piece, as when text is pasted, are handed over together. */
  #takeLine(line: string): void {
    this.#lines.push(line)
    this.#echo.isMuted = true
    if (this.#lines.length > 1) return
    setImmediate(() => {
      const lines = this.#lines
      this.#lines = []
      this.#isAsking = false
      this.#io.input.pause()
      this.#keys.setRawMode(false)
      if (!this.#isClosed) this.#events.lines(lines)
    })
  }

  #takeKey(text: string | undefined, key: Key): void {
    if (this.#isClosed) return
    if (this.#search !== undefined) {
      this.#searchKey(text, key)
      return
    }
    if (text !== undefined && isPlain(text, key)) {
      // Readline measures the whole line again for each key: a long text that is pasted goes in in one piece.
      if (this.#typed === '') setImmediate(() => this.#insertTyped())
      this.#typed += text
      return
    }
    this.#insertTyped()
    const { line } = this.#readline
    if (key.ctrl === true && key.name === 'r') {
      this.#search = { query: '', index: -1, typed: line }
      this.#showSearch()
    } else if (key.ctrl === true && key.name === 'c') {
      this.#replaceLine('')
      this.#io.write('^C\n')
      this.#events.interrupt(line === '')
    } else if (key.ctrl === true && key.name === 'd' && line === '') {
      this.#io.write('\n')
      this.#events.end(false)
    } else if (key.name === 'tab' && line.trim() === '') {
      // A tab in pasted text is no question.
      this.#keys.deliver('  ', { sequence: '  ' })
    } else {
      this.#keys.deliver(text, key)
    }
  }

  #insertTyped(): void {
    const text = this.#typed
    this.#typed = ''
    if (text !== '' && !this.#isClosed) this.#keys.deliver(text, { sequence: text })
  }

  #searchKey(text: string | undefined, key: Key): void {
    const search = this.#search!
    if (key.ctrl === true && key.name === 'r') {
      this.#find(search.index + 1)
    } else if (key.name === 'backspace') {
      search.query = [...search.query].slice(0, -1).join('')
      this.#find(0)
    } else if (key.name === 'escape' || (key.ctrl === true && (key.name === 'g' || key.name === 'c'))) {
      this.#endSearch(search.typed)
    } else if (text !== undefined && isPlain(text, key)) {
      search.query += text
      this.#find(Math.max(0, search.index))
    } else {
      this.#endSearch(this.#history.entries[search.index] ?? search.typed)
      this.#takeKey(text, key)
    }
  }

  #find(start: number): void {
    const search = this.#search!
    const found = search.query === '' ? -1 : this.#history.find(search.query, start)
    // At the oldest match the search stays where it is.
    if (found >= 0 || start === 0) search.index = found
    this.#showSearch()
  }

  #showSearch(): void {
    const { query, index } = this.#search!
    const found = this.#history.entries[index]
    const text = `(search) ${query}: ${found ?? (query === '' ? 'type a part of an earlier statement' : 'not found')}`
    this.#io.write(`\r\u001b[J${fitted(printable(text), this.#io.columns - 1)}`)
  }

  #endSearch(line: string): void {
    this.#search = undefined
    this.#replaceLine(line)
    this.#readline.prompt(true)
  }

  /** Puts another text into the line, without showing it yet. */
  #replaceLine(text: string): void {
    const wasMuted = this.#echo.isMuted
    this.#echo.isMuted = true
    this.#readline.write(null, { ctrl: true, name: 'e' })
    this.#readline.write(null, { ctrl: true, name: 'u' })
    if (text !== '') this.#readline.write(text)
    this.#echo.isMuted = wasMuted
  }
}

/** A key that stands for a character. */
function isPlain(text: string, key: Key): boolean {
  return key.ctrl !== true && key.meta !== true && /^\P{Cc}+$/u.test(text)
}

function fitted(text: string, columns: number): string {
  let shown = text
  while (displayWidth(shown) > columns) shown = shown.slice(0, -1)
  return shown
}

/**
 * What readline believes to be its terminal's keys: it gets those that nobody took before. While it is paused, as it is
 * until a completion is found, keys wait.
 */
class KeySource extends Readable {
  readonly isTTY = true
  #isWaiting = false
  #waiting: (readonly [text: string | undefined, key: Key])[] = []
  readonly #setRaw: (isRaw: boolean) => void

  constructor(setRaw: (isRaw: boolean) => void) {
    super({ read: () => {} })
    this.#setRaw = setRaw
  }

  setRawMode(isRaw: boolean): this {
    this.#setRaw(isRaw)
    return this
  }

  deliver(text: string | undefined, key: Key): void {
    if (this.#isWaiting) this.#waiting.push([text, key])
    else this.emit('keypress', text, key)
  }

  override pause(): this {
    this.#isWaiting = true
    return super.pause()
  }

  override resume(): this {
    // Readline inserts what it found right after it resumes.
    setImmediate(() => {
      this.#isWaiting = false
      const waiting = this.#waiting
      this.#waiting = []
      for (const [text, key] of waiting) this.deliver(text, key)
    })
    return super.resume()
  }
}

/** What readline believes to be its screen: silent while nobody is asked. */
class Echo extends Writable {
  isMuted = false
  readonly isTTY = true
  readonly #io: Io

  constructor(io: Io) {
    super({ decodeStrings: false })
    this.#io = io
  }

  get columns(): number {
    return this.#io.columns
  }

  override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (!this.isMuted) this.#io.write(String(chunk))
    done()
  }
}
