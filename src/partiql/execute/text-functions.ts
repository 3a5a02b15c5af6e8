import { IonList, utf8Size } from '../../ion/index.ts'
import type { EngineValue } from '../value/engine-value.ts'
import { textOf } from '../value/family.ts'
import { withoutTooLongText } from './long-text.ts'
import {
  type CallContext,
  type ScalarFunctions,
  safeInt,
  WRONG_TYPE,
  type WrongType,
  withText,
} from './scalar-function.ts'

/** Functions of texts. Places and lengths are in code points, places from 1. */
export const TEXT_FUNCTIONS: ScalarFunctions = new Map([
  ['bit_length', ([value]) => withText(value, (text) => 8 * utf8Size(text))],
  ['char_length', ([value]) => withText(value, codePointCount)],
  ['character_length', ([value]) => withText(value, codePointCount)],
  ['lower', ([value]) => withText(value, (text) => text.toLowerCase())],
  ['octet_length', ([value]) => withText(value, utf8Size)],
  ['overlay', ([value, part, start, length]) => withText(value, (text) => overlay(text, part, start, length))],
  ['position', ([part, whole]) => withText(whole, (text) => withText(part, (sought) => position(sought, text)))],
  ['replace', (args) => withoutTooLongText(() => replace(args))],
  ['split', ([value, separator]) => withText(value, (text) => withText(separator, (by) => split(text, by)))],
  [
    'substring',
    ([value, start, length], context) => withText(value, (text) => substring(text, start, length, context)),
  ],
  ['text_replace', (args) => withoutTooLongText(() => replace(args))],
  ['trim', ([value, characters], { variant }) => withText(value, (text) => trim(text, characters, variant))],
  ['upper', ([value]) => withText(value, (text) => text.toUpperCase())],
])

function codePointCount(text: string): number {
  let count = text.length
  for (let index = 0; index < text.length - 1; index++) if (isPairAt(text, index)) count--
  return count
}

function isPairAt(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00
}

/** The window [start, start + length) clipped to the text. */
function substring(
  text: string,
  start: EngineValue | undefined,
  length: EngineValue | undefined,
  context: CallContext,
): EngineValue | WrongType {
  const from = safeInt(start)
  const count = length === undefined ? Number.POSITIVE_INFINITY : safeInt(length)
  if (from === undefined || count === undefined) return WRONG_TYPE
  if (count < 0) return context.refuse(`SUBSTRING needs a length that is not negative, got ${count}.`)
  return [...text].slice(Math.max(0, from - 1), Math.max(0, from - 1 + count)).join('')
}

/** `length` characters from `start` on give way to `part`; as many as `part` has where no length is given. */
function overlay(
  text: string,
  part: EngineValue | undefined,
  start: EngineValue | undefined,
  length: EngineValue | undefined,
): EngineValue | WrongType {
  return withText(part, (inserted) => {
    const from = safeInt(start)
    const count = length === undefined ? codePointCount(inserted) : safeInt(length)
    if (from === undefined || count === undefined || from < 1 || count < 0) return WRONG_TYPE
    const characters = [...text]
    return characters.slice(0, from - 1).join('') + inserted + characters.slice(from - 1 + count).join('')
  })
}

/** The place of the first occurrence; 0 when there is none. */
function position(sought: string, text: string): number {
  const index = text.indexOf(sought)
  return index < 0 ? 0 : codePointCount(text.slice(0, index)) + 1
}

/** Every occurrence, from left to right; an empty text occurs between all characters and at both ends. */
function replace([value, from, to]: readonly EngineValue[]): EngineValue | WrongType {
  return withText(value, (text) =>
    withText(from, (sought) =>
      withText(to, (put) => {
        if (sought !== '') return text.replaceAll(sought, () => put)
        return put + [...text].map((character) => character + put).join('')
      }),
    ),
  )
}

/** The parts between separators; the characters, where the separator is empty. */
function split(text: string, separator: string): IonList {
  return new IonList(separator === '' ? [...text] : text.split(separator))
}

/** Takes characters of a set, a blank unless given, from one or both ends. */
function trim(text: string, characters: EngineValue | undefined, side: string | undefined): EngineValue | WrongType {
  const set = characters === undefined ? ' ' : textOf(characters)
  if (set === undefined) return WRONG_TYPE
  const taken = new Set(set)
  const all = [...text]
  let start = 0
  let end = all.length
  if (side !== 'trailing') while (start < end && taken.has(all[start]!)) start++
  if (side !== 'leading') while (end > start && taken.has(all[end - 1]!)) end--
  return all.slice(start, end).join('')
}
