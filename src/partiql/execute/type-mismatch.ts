import type { Location } from '../syntax/nodes.ts'
import { MISSING, type Missing } from '../value/engine-value.ts'
import type { Compiler } from './compiler.ts'

/** Called where a value has a type that its place cannot take. */
export type TypeMismatch = () => Missing

/**
 * What a wrong type gives, decided while compiling: MISSING where typing is permissive; where it is strict, an error that
 * says `message` and where. Nothing of this costs anything until it is called.
 *
 * @param message what was expected, as a sentence: `+ needs two numbers.`
 */
export function typeMismatch(compiler: Compiler, message: string, place: Location | undefined): TypeMismatch {
  return compiler.dialect.typing === 'permissive' ? giveMissing : refuseWith(compiler, message, place)
}

/** As {@link typeMismatch}, for what QLDB's functions refuse although its operators are permissive. */
export function functionMismatch(compiler: Compiler, message: string, place: Location | undefined): TypeMismatch {
  return compiler.dialect.functionsThrow ? refuseWith(compiler, message, place) : typeMismatch(compiler, message, place)
}

const giveMissing: TypeMismatch = () => MISSING

function refuseWith(compiler: Compiler, message: string, place: Location | undefined): TypeMismatch {
  const { text } = compiler
  return () => {
    throw text.error('TYPE_ERROR', message, place)
  }
}
