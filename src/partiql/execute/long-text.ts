import { LimitError } from '../../errors.ts'

/**
 * What `make` gives, a text or texts.
 *
 * @throws {LimitError} TOO_MUCH_MEMORY when one would be longer than JavaScript allows, some 536 million characters
 */
export function withoutTooLongText<Made>(make: () => Made): Made {
  try {
    return make()
  } catch (cause) {
    throw cause instanceof RangeError ? tooLong(cause) : cause
  }
}

/** One text and another behind it. @throws {LimitError} TOO_MUCH_MEMORY as {@link withoutTooLongText} */
export function joinTexts(one: string, other: string): string {
  try {
    return one + other
  } catch (cause) {
    throw tooLong(cause)
  }
}

function tooLong(cause: unknown): LimitError {
  return new LimitError(
    'TOO_MUCH_MEMORY',
    'A text would become longer than 536 million characters, which is the most there can be.',
    { cause },
  )
}
