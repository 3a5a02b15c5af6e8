import type { StoredBlock, Strand, StrandBlock } from '../../src/strand/index.ts'

/** The bytes that block `sequenceNo` has in every test of this room: their length and content follow from the number. */
export function blockBytes(sequenceNo: number): Uint8Array {
  const bytes = new Uint8Array(20 + ((sequenceNo * 37) % 90))
  for (let index = 0; index < bytes.length; index++) bytes[index] = (sequenceNo * 31 + index * 7) & 0xff
  return bytes
}

export function block(sequenceNo: number, bytes: Uint8Array = blockBytes(sequenceNo)): StrandBlock {
  return {
    sequenceNo,
    bytes,
    blockHash: new Uint8Array(32).fill(sequenceNo & 0xff),
    blockTimestamp: 1_700_000_000_000 + sequenceNo,
  }
}

export function blocks(from: number, count: number): StrandBlock[] {
  return Array.from({ length: count }, (_, index) => block(from + index))
}

/** Reads a strand whole and compares every block with {@link blockBytes}; returns how many there are. */
export function countBlocks(strand: Strand): number {
  let count = 0
  for (const stored of strand.read(0)) {
    if (!isAsWritten(stored) || stored.sequenceNo !== count) throw new Error(`block ${count} is not as it was written`)
    if (Buffer.compare(strand.readAt(stored.location), stored.bytes) !== 0)
      throw new Error(`block ${count} reads differently by its location`)
    count++
  }
  if (count !== strand.head.sequenceNo + 1) throw new Error(`the head is ${strand.head.sequenceNo}, blocks: ${count}`)
  return count
}

function isAsWritten({ sequenceNo, bytes }: StoredBlock): boolean {
  return Buffer.compare(bytes, blockBytes(sequenceNo)) === 0
}
