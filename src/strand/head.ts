import { ConflictError } from '../errors.ts'
import type { StrandBlock, StrandHead } from './strand.ts'

export const EMPTY_HEAD: StrandHead = { sequenceNo: -1, blockHash: new Uint8Array(0), blockTimestamp: 0 }

/** @throws {RangeError} unless the blocks are numbered on from the tip */
export function checkFollows(tip: number, blocks: readonly StrandBlock[]): void {
  for (const [index, block] of blocks.entries()) {
    if (block.sequenceNo !== tip + 1 + index)
      throw new RangeError(`'sequenceNo' expected ${tip + 1 + index}, got ${block.sequenceNo}`)
    if (block.blockHash.length !== 32)
      throw new RangeError(`'blockHash' expected 32 bytes, got ${block.blockHash.length}`)
  }
}

export function tipConflict(expected: number, found: number): ConflictError {
  return new ConflictError(
    `The strand's newest block is ${found}, not ${expected}: somebody else appended. Read on and try again.`,
  )
}
