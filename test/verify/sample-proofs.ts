import type { Hash } from '../../src/hash/index.ts'
import type { IonStruct } from '../../src/ion/index.ts'
import { blockToIon, proveRevisionInBlock, revisionToIon, systemEntryToIon } from '../../src/journal/index.ts'
import { merkleProof, merkleRoot } from '../../src/merkle/index.ts'
import type { BlockProof, CheckedBy, RevisionProof } from '../../src/verify/index.ts'
import type { SampleJournal } from '../journal/sample-journal.ts'

export const OFFLINE: CheckedBy = { where: 'computer', version: 'tally 0.3.0', isOffline: true }

function leaves(journal: SampleJournal, tip: number): Hash[] {
  return journal.blocks.slice(0, tip + 1).map((block) => block.blockHash)
}

export function digestAt(journal: SampleJournal, tip: number): Hash {
  return merkleRoot(leaves(journal, tip))
}

export function proveBlock(journal: SampleJournal, sequenceNo: number, tip: number): BlockProof {
  const block = journal.blocks[sequenceNo]!
  return {
    kind: 'block',
    ledger: 'cars',
    blockAddress: block.blockAddress,
    digestTipAddress: { strandId: journal.strandId, sequenceNo: tip },
    proof: merkleProof(leaves(journal, tip), sequenceNo),
    systemEntry: systemEntryToIon(block) as IonStruct,
    statedDigest: undefined,
    block: blockToIon(block, journal.symbols),
  }
}

export function proveRevision(
  journal: SampleJournal,
  sequenceNo: number,
  revisionIndex: number,
  tip: number,
): RevisionProof {
  const block = journal.blocks[sequenceNo]!
  return {
    kind: 'revision',
    ledger: 'cars',
    table: 'Vehicle',
    blockAddress: block.blockAddress,
    digestTipAddress: { strandId: journal.strandId, sequenceNo: tip },
    proof: [...proveRevisionInBlock(block, revisionIndex), ...merkleProof(leaves(journal, tip), sequenceNo)],
    systemEntry: systemEntryToIon(block) as IonStruct,
    statedDigest: undefined,
    revision: revisionToIon(block.revisions[revisionIndex]!, journal.symbols),
  }
}
