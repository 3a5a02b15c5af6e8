/**
 * The one place that imports Chevrotain, so that a build can replace this file by a bundle of it: unbundled it pulls in
 * hundreds of lodash files, which takes some 300 ms to load instead of 12.
 */

export {
  Alternation,
  type Alternative,
  createToken,
  EmbeddedActionsParser,
  EOF,
  type IOrAlt,
  type IParserErrorMessageProvider,
  type IProduction,
  type ISerializedGast,
  type IToken,
  LLkLookaheadStrategy,
  type LookaheadProductionType,
  NonTerminal,
  Option,
  type ParserMethod,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  type Rule,
  Terminal,
  type TokenType,
} from 'chevrotain'
