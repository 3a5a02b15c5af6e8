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

interface First {
  readonly types: ReadonlySet<TokenType>
  readonly isNullable: boolean
}

/**
 * One token of look-ahead, from the first sets of the rules. Decides as Chevrotain's own strategy does with k = 1 (the
 * first alternative wins, an optional part is taken when it can be), which enumerates paths instead: with it, making the
 * parser takes thrice as long. Validation stays Chevrotain's.
 */
export class LookAhead extends LLkLookaheadStrategy {
  readonly #firstOfRule = new Map<Rule, First>()

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
    const firsts = alternation.definition.map((alternative) => indexes(this.#first(alternative).types))
    if (hasPredicates) {
      return function (alternatives) {
        const next = this.LA(1).tokenTypeIdx
        for (const [index, first] of firsts.entries()) {
          const gate = alternatives?.[index]?.GATE
          if (first.has(next) && (gate === undefined || gate.call(this))) return index
        }
        throw NO_ALTERNATIVE
      }
    }
    const choice: (number | undefined)[] = []
    for (const [index, first] of firsts.entries()) for (const type of first) choice[type] ??= index
    return function () {
      const index = choice[this.LA(1).tokenTypeIdx]
      if (index === undefined) throw NO_ALTERNATIVE
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
    const taken: (true | undefined)[] = []
    for (const type of indexes(this.#firstOfSequence(production.definition).types)) taken[type] = true
    return function () {
      return taken[this.LA(1).tokenTypeIdx] === true
    }
  }

  #first(production: IProduction): First {
    if (production instanceof Terminal) return { types: new Set([production.terminalType]), isNullable: false }
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
      const firsts = production.definition.map((alternative) => this.#first(alternative))
      const types = new Set(firsts.flatMap((first) => [...first.types]))
      return { types, isNullable: firsts.some(({ isNullable }) => isNullable) }
    }
    const { types, isNullable } = this.#firstOfSequence((production as Alternative).definition)
    const isOptional =
      production instanceof Option || production instanceof Repetition || production instanceof RepetitionWithSeparator
    return { types, isNullable: isNullable || isOptional }
  }

  #firstOfSequence(productions: readonly IProduction[]): First {
    const types = new Set<TokenType>()
    for (const production of productions) {
      const first = this.#first(production)
      for (const type of first.types) types.add(type)
      if (!first.isNullable) return { types, isNullable: false }
    }
    return { types, isNullable: true }
  }
}

/** Token type indexes, with those of the members of a class. */
function indexes(types: ReadonlySet<TokenType>): ReadonlySet<number> {
  return new Set([...types].flatMap((type) => [type.tokenTypeIdx!, ...(type.categoryMatches ?? [])]))
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
