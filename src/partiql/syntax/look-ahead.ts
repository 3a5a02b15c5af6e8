import {
  Alternation,
  type Alternative,
  type IOrAlt,
  type IProduction,
  type IToken,
  LLkLookaheadStrategy,
  type LookaheadProductionType,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
  type TokenType,
} from './chevrotain.ts'

/** Thrown where no alternative fits the next token; the parser knows which token that is. One for all, without a stack. */
export const NO_ALTERNATIVE: object = Object.freeze({ name: 'NoAlternative' })

const OPTIONALS = {
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
}

/** What the functions that decide get as `this`. */
interface LookingParser {
  LA(howMuch: number): IToken
}

/** Which token types may come first, one byte for each by its index, members of classes included. */
type TokenBytes = Uint8Array

interface First {
  readonly bytes: TokenBytes
  readonly isNullable: boolean
}

const NO_TOKEN = 0xff

/**
 * One token of look-ahead, from the first sets of the rules. Decides as Chevrotain's own strategy does with k = 1 (the
 * first alternative wins, an optional part is taken when it can be), which enumerates paths instead: with it, making the
 * parser takes thrice as long. Validation stays Chevrotain's.
 */
export class LookAhead extends LLkLookaheadStrategy {
  readonly #firstOfRule = new Map<Rule, First>()
  readonly #firstOfTerminal = new Map<TokenType, First>()
  readonly #tokenCount: number

  /** @param tokenCount more than the highest token type index */
  constructor(tokenCount: number) {
    super({ maxLookahead: 1 })
    this.#tokenCount = tokenCount
  }

  override buildLookaheadForAlternation({
    prodOccurrence,
    rule,
    hasPredicates,
  }: {
    readonly prodOccurrence: number
    readonly rule: Rule
    readonly hasPredicates: boolean
  }): (this: LookingParser, alternatives?: IOrAlt<unknown>[]) => number | undefined {
    const alternation = find(rule, Alternation, prodOccurrence)
    const firsts = alternation.definition.map((alternative) => this.#first(alternative).bytes)
    if (hasPredicates) {
      return function (alternatives) {
        const next = this.LA(1).tokenTypeIdx
        for (const [index, first] of firsts.entries()) {
          const gate = alternatives?.[index]?.GATE
          if (first[next] === 1 && (gate === undefined || gate.call(this))) return index
        }
        throw NO_ALTERNATIVE
      }
    }
    const choice = new Uint8Array(this.#tokenCount).fill(NO_TOKEN)
    for (const [index, first] of [...firsts.entries()].reverse()) {
      for (let type = 0; type < choice.length; type += 1) if (first[type] === 1) choice[type] = index
    }
    return function () {
      const index = choice[this.LA(1).tokenTypeIdx]!
      if (index === NO_TOKEN) throw NO_ALTERNATIVE
      return index
    }
  }

  override buildLookaheadForOptional({
    prodOccurrence,
    prodType,
    rule,
  }: {
    readonly prodOccurrence: number
    readonly prodType: LookaheadProductionType
    readonly rule: Rule
  }): (this: LookingParser) => boolean {
    const production = find(rule, OPTIONALS[prodType as keyof typeof OPTIONALS], prodOccurrence)
    const { bytes } = this.#firstOfSequence(production.definition)
    return function () {
      return bytes[this.LA(1).tokenTypeIdx] === 1
    }
  }

  #first(production: IProduction): First {
    if (production instanceof Terminal) return this.#firstOf(production.terminalType)
    if (production instanceof NonTerminal) {
      const { referencedRule } = production
      let first = this.#firstOfRule.get(referencedRule)
      if (first === undefined) {
        first = this.#firstOfSequence(referencedRule.definition)
        this.#firstOfRule.set(referencedRule, first)
      }
      return first
    }
    if (production instanceof Alternation) {
      const bytes = new Uint8Array(this.#tokenCount)
      let isNullable = false
      for (const alternative of production.definition) {
        const first = this.#first(alternative)
        add(first.bytes, bytes)
        isNullable ||= first.isNullable
      }
      return { bytes, isNullable }
    }
    const { bytes, isNullable } = this.#firstOfSequence((production as Alternative).definition)
    const isOptional =
      production instanceof Option || production instanceof Repetition || production instanceof RepetitionWithSeparator
    return { bytes, isNullable: isNullable || isOptional }
  }

  #firstOfSequence(productions: readonly IProduction[]): First {
    const bytes = new Uint8Array(this.#tokenCount)
    for (const production of productions) {
      const first = this.#first(production)
      // Most sequences begin with what must be there: its tokens are theirs.
      if (!first.isNullable && production === productions[0]) return first
      add(first.bytes, bytes)
      if (!first.isNullable) return { bytes, isNullable: false }
    }
    return { bytes, isNullable: true }
  }

  #firstOf(type: TokenType): First {
    let first = this.#firstOfTerminal.get(type)
    if (first === undefined) {
      const bytes = new Uint8Array(this.#tokenCount)
      for (const index of [type.tokenTypeIdx!, ...(type.categoryMatches ?? [])]) bytes[index] = 1
      first = { bytes, isNullable: false }
      this.#firstOfTerminal.set(type, first)
    }
    return first
  }
}

function add(from: TokenBytes, into: TokenBytes): void {
  for (let index = 0; index < from.length; index += 1) if (from[index] === 1) into[index] = 1
}

interface Findable {
  readonly idx: number
  readonly definition: IProduction[]
}

/** The production of a kind and number inside a rule. */
function find<T extends Findable>(rule: Rule, kind: abstract new (...args: never[]) => T, idx: number): T {
  const waiting: IProduction[] = [...rule.definition]
  for (let production = waiting.pop(); production !== undefined; production = waiting.pop()) {
    if (production instanceof kind && production.idx === idx) return production
    if (production instanceof NonTerminal || production instanceof Terminal) continue
    waiting.push(...(production as Alternative).definition)
  }
  throw new RangeError(`'rule' expected ${rule.name} to have ${kind.name} ${idx}`)
}
