/**
 * Writes what can be derived of the grammar: `diagram.html` from the rules of the parser, `keywords.txt` from its
 * keywords. Run it by `npm run grammar` after a change; a test fails when they are not up to date. The page of the
 * grammar, `partiql.ebnf`, is written by hand.
 */

import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import type { ISerializedGast } from 'chevrotain'
import { CLAUSE_WORDS, CONTEXT_WORDS, grammarRules, RESERVED_WORDS } from '../src/partiql/syntax/index.ts'
import { drawDiagrams } from './railroad.ts'

const LINE_LENGTH = 110

function wrapped(words: readonly string[]): string {
  const lines: string[] = ['']
  for (const word of [...words].sort()) {
    const last = lines.at(-1)!
    if (last.length + word.length + 1 > LINE_LENGTH) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return lines.join('\n')
}

/** The keywords as a text, in three groups. */
function listKeywords(): string {
  return `Reserved: a name only in double quotes.

${wrapped(RESERVED_WORDS)}

Names, but not an alias without AS.

${wrapped(CLAUSE_WORDS)}

Names everywhere; keywords only where the grammar has a place for them.

${wrapped(CONTEXT_WORDS)}
`
}

/** The rules in the order in which a reader meets them, from the first one down. */
function readingOrder(rules: readonly ISerializedGast[]): ISerializedGast[] {
  const byName = new Map(rules.map((rule) => [(rule as NamedRule).name, rule]))
  const ordered: ISerializedGast[] = []
  const waiting = ['script']
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const rule = byName.get(name)
    if (rule === undefined) continue
    byName.delete(name)
    ordered.push(rule)
    for (const [, next] of JSON.stringify(rule).matchAll(/"type":"NonTerminal","name":"(\w+)"/g)) waiting.push(next!)
  }
  return ordered
}

type NamedRule = ISerializedGast & { readonly name: string }

/** What each derived file must hold, by name. */
export function derivedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['diagram.html', drawDiagrams(readingOrder(grammarRules()))],
    ['keywords.txt', listKeywords()],
  ])
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [name, content] of derivedFiles()) writeFileSync(new URL(name, import.meta.url), content)
}
