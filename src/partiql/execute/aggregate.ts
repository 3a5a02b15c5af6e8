import { Decimal, NULL } from '../../ion/index.ts'
import type { AggregateName } from '../plan/expression.ts'
import { compareValues } from '../value/compare.ts'
import { DECIMAL_DIGITS } from '../value/decimal-digits.ts'
import { type EngineNumber, numberOf, toDecimal } from '../value/engine-number.ts'
import { type EngineValue, MISSING } from '../value/engine-value.ts'
import { bare } from '../value/family.ts'
import { calculate, PLAIN_ARITHMETIC } from './arithmetic.ts'
import type { TypeMismatch } from './type-mismatch.ts'

/** Folds the present values of a group, one at a time, into one. NULL and MISSING never arrive here. */
export interface Accumulator {
  add(value: EngineValue): void
  result(): EngineValue
}

/** A new accumulator, for one aggregate of one group. `mismatch` says what a value of a wrong type makes of the result. */
export function newAccumulator(name: AggregateName, decimalSums: boolean, mismatch: TypeMismatch): Accumulator {
  switch (name) {
    case 'count':
      return new Count()
    case 'sum':
      return new Sum(decimalSums, mismatch)
    case 'avg':
      return new Average(mismatch)
    case 'min':
      return new Extreme(-1)
    case 'max':
      return new Extreme(1)
    case 'every':
      return new Quantifier(false, mismatch)
    case 'any':
    case 'some':
      return new Quantifier(true, mismatch)
  }
}

/** How many values. */
class Count implements Accumulator {
  #count = 0

  add(_value: EngineValue): void {
    this.#count++
  }

  result(): EngineValue {
    return this.#count
  }
}

/** Int for ints, else decimal, also for floats (QLDB guide, "SUM"). NULL over nothing, MISSING over what is no number. */
class Sum implements Accumulator {
  readonly #isDecimal: boolean
  readonly #mismatch: TypeMismatch
  #sum: EngineValue | undefined

  constructor(isDecimal: boolean, mismatch: TypeMismatch) {
    this.#isDecimal = isDecimal
    this.#mismatch = mismatch
  }

  add(value: EngineValue): void {
    const sum = this.#sum
    if (typeof value === 'number' && typeof sum === 'number') {
      const next = sum + value
      this.#sum = Number.isSafeInteger(next) ? next : plus(sum, value)
      return
    }
    const addend = (this.#isDecimal ? asExact(value) : numberOf(value)) ?? this.#mismatch()
    this.#sum = sum === undefined ? addend : plus(sum, addend)
  }

  result(): EngineValue {
    return this.#sum ?? NULL
  }
}

/** Always a decimal, to 38 digits. NULL over nothing. */
class Average implements Accumulator {
  readonly #sum: Sum
  #count = 0

  constructor(mismatch: TypeMismatch) {
    this.#sum = new Sum(true, mismatch)
  }

  add(value: EngineValue): void {
    this.#count++
    this.#sum.add(value)
  }

  result(): EngineValue {
    if (this.#count === 0) return NULL
    const sum = numberOf(this.#sum.result())
    const exact = sum === undefined ? undefined : toDecimal(sum)
    return exact === undefined ? MISSING : exact.dividedBy(this.#count, DECIMAL_DIGITS)
  }
}

/** The first (-1) or last (1) by the total order; the value keeps its type. */
class Extreme implements Accumulator {
  readonly #direction: -1 | 1
  #extreme: EngineValue | undefined

  constructor(direction: -1 | 1) {
    this.#direction = direction
  }

  add(value: EngineValue): void {
    const extreme = this.#extreme
    if (extreme === undefined) this.#extreme = value
    else if (typeof value === 'number' && typeof extreme === 'number') {
      if ((value - extreme) * this.#direction > 0) this.#extreme = value
    } else if (compareValues(value, extreme) * this.#direction > 0) this.#extreme = value
  }

  result(): EngineValue {
    return this.#extreme ?? NULL
  }
}

/** EVERY and ANY over booleans; MISSING over anything else. */
class Quantifier implements Accumulator {
  readonly #isAny: boolean
  readonly #mismatch: TypeMismatch
  #result: EngineValue = NULL

  constructor(isAny: boolean, mismatch: TypeMismatch) {
    this.#isAny = isAny
    this.#mismatch = mismatch
  }

  add(value: EngineValue): void {
    const plain = bare(value)
    if (typeof plain !== 'boolean') this.#result = this.#mismatch()
    else if (this.#result === NULL) this.#result = plain
    else if (this.#result !== MISSING && plain === this.#isAny) this.#result = plain
  }

  result(): EngineValue {
    return this.#result
  }
}

/** Ints of any size: a sum that is beyond 64 bits is still right. */
function plus(a: EngineValue, b: EngineValue): EngineValue {
  return calculate('+', a, b, PLAIN_ARITHMETIC)
}

/** An int as it is, any other number as a decimal; infinities and NaN stay floats. */
function asExact(value: EngineValue): EngineNumber | undefined {
  const number = numberOf(value)
  if (number === undefined) return undefined
  if (typeof number === 'number' || typeof number === 'bigint' || number instanceof Decimal) return number
  return toDecimal(number) ?? number
}
