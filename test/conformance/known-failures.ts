/** A case that is known to fail, in all modes that it asserts or in the one that is named. */
export interface KnownFailure {
  readonly name: string
  readonly mode?: 'EvalModeCoerce' | 'EvalModeError'
}

/** Why some cases fail, and which. */
export interface KnownFailures {
  readonly reason: string
  readonly cases: readonly KnownFailure[]
}

/** Every failing case of partiql-tests at a78b7665. A case that is not here must pass, a case that is here must fail. */
export const KNOWN_FAILURES: readonly KnownFailures[] = []
