/** Reads `grammar/partiql.ebnf`, and says grammar rules in one normal form so that page and parser can be compared. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writtenToken } from '../../grammar/railroad.ts'

export type Expansion =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'token'; readonly name: string }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Expansion[] }
  | { readonly kind: 'choice'; readonly parts: readonly Expansion[] }
  | { readonly kind: '?' | '*' | '+' | ',*' | ',+'; readonly of: Expansion }

export interface Page {
  readonly rules: ReadonlyMap<string, Expansion>
  /** Token classes, from their name to the words they hold. */
  readonly classes: ReadonlyMap<string, readonly string[]>
}

const PIECE = /\s+|'[^']*'|,[*+]|[?*+|()]|[A-Za-z]+/y

function piecesOf(text: string): string[] {
  const pieces: string[] = []
  PIECE.lastIndex = 0
  while (PIECE.lastIndex < text.length) {
    const at = PIECE.lastIndex
    const match = PIECE.exec(text)
    if (match === null) throw new Error(`The page cannot be read at: ${text.slice(at, at + 40)}`)
    if (match[0].trim() !== '') pieces.push(match[0])
  }
  return pieces
}

function readExpansion(pieces: string[]): Expansion {
  const choices: Expansion[] = []
  let parts: Expansion[] = []
  const finish = (): Expansion => {
    choices.push(sequenceOf(parts))
    return choices.length === 1 ? choices[0]! : { kind: 'choice', parts: choices }
  }
  for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) {
    if (piece === ')') return finish()
    if (piece === '|') {
      choices.push(sequenceOf(parts))
      parts = []
    } else if (piece === '(') {
      parts.push(readExpansion(pieces))
    } else if (piece === '?' || piece === '*' || piece === '+' || piece === ',*' || piece === ',+') {
      parts.push({ kind: piece, of: parts.pop()! })
    } else if (piece.startsWith("'")) {
      parts.push({ kind: 'word', text: piece.slice(1, -1) })
    } else {
      parts.push({ kind: /^[A-Z]/.test(piece) ? 'token' : 'rule', name: piece })
    }
  }
  return finish()
}

function sequenceOf(parts: readonly Expansion[]): Expansion {
  return parts.length === 1 ? parts[0]! : { kind: 'sequence', parts }
}

export function readPage(): Page {
  const path = fileURLToPath(new URL('../../grammar/partiql.ebnf', import.meta.url))
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.replace(/(^|\s)--.*$/, '').trimEnd())
  const rules = new Map<string, Expansion>()
  const classes = new Map<string, readonly string[]>()
  const definitions: string[] = []
  for (const line of lines) {
    if (/^\w+\s*[=:]/.test(line)) definitions.push(line)
    else if (line.trim() !== '') definitions[definitions.length - 1] += ` ${line}`
  }
  for (const definition of definitions) {
    const [, name, sign, body] = /^(\w+)\s*([=:])(.*)$/.exec(definition)!
    if (sign === '=') rules.set(name!, readExpansion(piecesOf(body!)))
    else
      classes.set(
        name!,
        [...body!.matchAll(/'([^']*)'/g)].map(([, word]) => word!),
      )
  }
  return { rules, classes }
}

/** A rule of the parser, as Chevrotain serializes it. */
export interface Production {
  readonly type: string
  readonly name?: string
  readonly label?: string
  readonly definition?: readonly Production[]
  readonly separator?: Production
}

export function expansionOf(production: Production): Expansion {
  const parts = (): Expansion => sequenceOf(production.definition!.map(expansionOf))
  switch (production.type) {
    case 'NonTerminal':
      return { kind: 'rule', name: production.name! }
    case 'Terminal': {
      const { text, isKind } = writtenToken(production.name!, production.label!)
      return isKind ? { kind: 'token', name: text } : { kind: 'word', text }
    }
    case 'Alternation':
      return { kind: 'choice', parts: production.definition!.map(expansionOf) }
    case 'Option':
      return { kind: '?', of: parts() }
    case 'Repetition':
      return { kind: '*', of: parts() }
    case 'RepetitionMandatory':
      return { kind: '+', of: parts() }
    case 'RepetitionWithSeparator':
    case 'RepetitionMandatoryWithSeparator':
      if (production.separator?.name !== 'Comma') throw new Error('The page knows lists with commas only')
      return { kind: production.type === 'RepetitionWithSeparator' ? ',*' : ',+', of: parts() }
    default:
      return parts()
  }
}
