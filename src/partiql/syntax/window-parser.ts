import type { ParserMethod, TokenType } from './chevrotain.ts'
import { GraphParser } from './graph-parser.ts'
import type { Expression, FrameBound, Identifier, OrderBy, Window, WindowFrame } from './nodes.ts'
import { NONE } from './syntax-builder.ts'
import * as t from './tokens.ts'

const AND = t.keyword('AND')
const BETWEEN = t.keyword('BETWEEN')
const BY = t.keyword('BY')
const CURRENT = t.keyword('CURRENT')
const EXCLUDE = t.keyword('EXCLUDE')
const FOLLOWING = t.keyword('FOLLOWING')
const GROUP = t.keyword('GROUP')
const GROUPS = t.keyword('GROUPS')
const NO = t.keyword('NO')
const OTHERS = t.keyword('OTHERS')
const PARTITION = t.keyword('PARTITION')
const PRECEDING = t.keyword('PRECEDING')
const RANGE = t.keyword('RANGE')
const ROW = t.keyword('ROW')
const ROWS = t.keyword('ROWS')
const TIES = t.keyword('TIES')
const UNBOUNDED = t.keyword('UNBOUNDED')

/** What goes on with a window, and so is not the name of another. */
const WINDOW_PARTS: ReadonlySet<TokenType> = new Set([PARTITION, ROWS, RANGE, GROUPS])

/** The rules of what window functions look at. */
export abstract class WindowParser extends GraphParser {
  protected abstract readonly orderBy: ParserMethod<[], OrderBy>

  /** Behind OVER: a name, or a window in parentheses. */
  protected readonly over: ParserMethod<[], Window> = this.RULE('over', (): Window => {
    const start = this.LA(1)
    return this.OR<Window>([
      {
        ALT: () => {
          const name = this.identifier(this.CONSUME(t.Name))
          const location = this.since(start)
          return { kind: 'window', name, partitionBy: NONE, orderBy: undefined, frame: undefined, location }
        },
      },
      { ALT: () => this.SUBRULE(this.window) },
    ])
  })

  protected readonly window: ParserMethod<[], Window> = this.RULE('window', (): Window => {
    const start = this.CONSUME(t.OpenParenthesis)
    const name = this.OPTION<Identifier>({
      GATE: () => !WINDOW_PARTS.has(this.LA(1).tokenType),
      DEF: () => this.identifier(this.CONSUME(t.Name)),
    })
    const partitionBy: Expression[] = []
    this.OPTION2(() => {
      this.CONSUME(PARTITION)
      this.CONSUME(BY)
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => partitionBy.push(this.SUBRULE(this.expression)) })
    })
    const orderBy = this.OPTION3(() => this.SUBRULE(this.orderBy))
    const frame = this.OPTION4(() => this.SUBRULE(this.windowFrame))
    this.CONSUME(t.CloseParenthesis)
    return { kind: 'window', name, partitionBy, orderBy, frame, location: this.since(start) }
  })

  protected readonly windowFrame: ParserMethod<[], WindowFrame> = this.RULE('windowFrame', (): WindowFrame => {
    const start = this.LA(1)
    const unit = this.OR<WindowFrame['unit']>([
      { ALT: () => this.word(this.CONSUME(ROWS), 'rows') },
      { ALT: () => this.word(this.CONSUME(RANGE), 'range') },
      { ALT: () => this.word(this.CONSUME(GROUPS), 'groups') },
    ])
    const bounds = this.OR2<readonly [FrameBound, FrameBound | undefined]>([
      {
        ALT: () => {
          this.CONSUME(BETWEEN)
          const first = this.SUBRULE(this.frameBound)
          this.CONSUME(AND)
          return [first, this.SUBRULE2(this.frameBound)]
        },
      },
      { ALT: () => [this.SUBRULE3(this.frameBound), undefined] },
    ])
    const exclude = this.OPTION(() => {
      this.CONSUME(EXCLUDE)
      return this.OR3<NonNullable<WindowFrame['exclude']>>([
        {
          ALT: () => {
            this.CONSUME(CURRENT)
            this.CONSUME(ROW)
            return 'current-row'
          },
        },
        { ALT: () => this.word(this.CONSUME(GROUP), 'group') },
        { ALT: () => this.word(this.CONSUME(TIES), 'ties') },
        {
          ALT: () => {
            this.CONSUME(NO)
            this.CONSUME(OTHERS)
            return 'no-others'
          },
        },
      ])
    })
    return { kind: 'window-frame', unit, start: bounds[0], end: bounds[1], exclude, location: this.since(start) }
  })

  protected readonly frameBound: ParserMethod<[], FrameBound> = this.RULE('frameBound', (): FrameBound => {
    const start = this.LA(1)
    return this.OR<FrameBound>([
      {
        ALT: () => {
          this.CONSUME(UNBOUNDED)
          const kind = this.OR2([
            { ALT: () => this.word(this.CONSUME(PRECEDING), 'unbounded-preceding' as const) },
            { ALT: () => this.word(this.CONSUME(FOLLOWING), 'unbounded-following' as const) },
          ])
          return { kind, location: this.since(start) }
        },
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          this.CONSUME(CURRENT)
          this.CONSUME(ROW)
          return { kind: 'current-row', location: this.since(start) }
        },
        IGNORE_AMBIGUITIES: true,
      },
      {
        ALT: () => {
          const distance = this.SUBRULE(this.term)
          const kind = this.OR3([
            { ALT: () => this.word(this.CONSUME2(PRECEDING), 'preceding' as const) },
            { ALT: () => this.word(this.CONSUME2(FOLLOWING), 'following' as const) },
          ])
          return { kind, distance, location: this.since(start) }
        },
      },
    ])
  })
}
