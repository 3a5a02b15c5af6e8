/**
 * The one place that imports Chevrotain, so that a build can replace this file by a bundle of it: unbundled it pulls in
 * hundreds of lodash files, which takes some 300 ms to load instead of 12.
 */

export {
  createToken,
  EmbeddedActionsParser,
  EOF,
  type IOrAlt,
  type IParserErrorMessageProvider,
  type IRecognitionException,
  type ISerializedGast,
  type IToken,
  Lexer,
  type ParserMethod,
  type TokenType,
} from 'chevrotain'
