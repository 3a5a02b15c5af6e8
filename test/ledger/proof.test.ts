/**
 * Goal: what the ledger proves is provable with nothing but the rules: every block and every revision against every
 * digest that the ledger had from then on. Method: fold the printed hashes by hand and compare with the digests that were
 * kept while the ledger grew.
 */
import { describe, expect, test } from 'vitest'
import type { Hash } from '../../src/hash/index.ts'
import { IonBlob, type IonList, type IonStruct, type Ledger } from '../../src/index.ts'
import { proofRoot } from '../../src/merkle/index.ts'
import { encodeProofFile, type Proof, verifyProofFile } from '../../src/verify/index.ts'
import { openTestLedger } from './open-test-ledger.ts'

/** A ledger of 13 blocks with one to five revisions each, and its digest after each block. */
async function grown(): Promise<{ ledger: Ledger; digests: Hash[] }> {
  const ledger = await openTestLedger()
  const digests = [(await ledger.digest()).digest]
  const kept = async (): Promise<void> => {
    const { digest, digestTipAddress } = await ledger.digest()
    expect(digestTipAddress).toEqual({ strandId: ledger.strandId, sequenceNo: digests.length })
    digests.push(digest)
  }
  await ledger.sql`CREATE TABLE T`
  await kept()
  await ledger.sql`CREATE INDEX ON T (n)`
  await kept()
  for (let count = 1; count <= 5; count++) {
    await ledger.sql`INSERT INTO T ${Array.from({ length: count }, (_, n) => ({ n, count }))}`
    await kept()
    await ledger.sql`UPDATE T SET seen = ${count} WHERE n = ${count - 1}`
    await kept()
  }
  return { ledger, digests }
}

function hashOf(printed: IonStruct, field: string): Hash {
  return (printed.get(field) as IonBlob).bytes
}

describe('proofs', () => {
  test('every block leads to every digest from it on', async () => {
    const { ledger, digests } = await grown()
    for (let tip = 0; tip < digests.length; tip++) {
      for (let sequenceNo = 0; sequenceNo <= tip; sequenceNo++) {
        const { block, proof, digestTipAddress, statedDigest } = await ledger.proveBlock(sequenceNo, tip)
        expect(digestTipAddress.sequenceNo).toBe(tip)
        expect(proofRoot(hashOf(block, 'blockHash'), proof)).toEqual(digests[tip])
        expect(statedDigest).toEqual(digests[tip])
      }
    }
    await ledger.close()
  })

  test('every revision leads to every digest from its block on', async () => {
    const { ledger, digests } = await grown()
    const { strandId } = ledger
    let revisions = 0
    for (let sequenceNo = 0; sequenceNo < digests.length; sequenceNo++) {
      for (const { id, version, blockAddress } of (await ledger.block(sequenceNo)).revisions) {
        revisions++
        expect(blockAddress).toEqual({ strandId, sequenceNo })
        for (let tip = sequenceNo; tip < digests.length; tip++) {
          const digestTipAddress = { strandId, sequenceNo: tip }
          const byVersion = await ledger.proveRevision({ documentId: id, version, digestTipAddress })
          expect(proofRoot(hashOf(byVersion.revision, 'hash'), byVersion.proof)).toEqual(digests[tip])
          const byBlock = await ledger.proveRevision({ documentId: id, blockAddress, digestTipAddress })
          expect(byBlock.proof).toEqual(byVersion.proof)
        }
      }
    }
    expect(revisions).toBe(20)
    const [row] = await ledger.sql<{ id: string }>`SELECT id FROM T BY id WHERE n = ${4}`
    const newest = await ledger.proveRevision({ documentId: row!.id })
    expect(proofRoot(hashOf(newest.revision, 'hash'), newest.proof)).toEqual(digests.at(-1))
    await ledger.close()
  })

  test('as a file, every proof is verified against its own digest and against no other', async () => {
    const { ledger, digests } = await grown()
    const { strandId } = ledger
    const checkedBy = { where: 'computer', version: 'tests', isOffline: true } as const
    const revision = (await ledger.block(6)).revisions[0]!
    const proofs: Proof[] = []
    for (let tip = 6; tip < digests.length; tip++) {
      proofs.push(await ledger.proveBlock(6, tip))
      const digestTipAddress = { strandId, sequenceNo: tip }
      proofs.push(await ledger.proveRevision({ documentId: revision.id, version: revision.version, digestTipAddress }))
    }
    for (const proof of proofs) {
      const file = encodeProofFile(proof)
      for (let tip = 6; tip < digests.length; tip++) {
        const expected = { digest: digests[tip]!, digestTipAddress: { strandId, sequenceNo: tip } }
        const { verdict } = verifyProofFile(file, expected, checkedBy)
        if (tip === proof.digestTipAddress.sequenceNo) expect(verdict).toBe('verified')
        else expect(verdict).not.toBe('verified')
      }
    }
    await ledger.close()
  })

  test('asking for what cannot be proven is a typed error', async () => {
    const { ledger } = await grown()
    const { strandId } = ledger
    const noBlock = { name: 'NotFoundError', code: 'BLOCK_NOT_FOUND' }
    await expect(ledger.proveBlock(5, 4)).rejects.toMatchObject(noBlock)
    await expect(ledger.proveBlock(5, 99)).rejects.toMatchObject(noBlock)
    await expect(ledger.proveBlock(99)).rejects.toMatchObject(noBlock)
    await expect(ledger.block(99)).rejects.toMatchObject(noBlock)
    await expect(ledger.block(-1)).rejects.toThrow(RangeError)
    await expect(ledger.proveBlock(0.5)).rejects.toThrow(RangeError)
    const [row] = await ledger.sql<{ id: string }>`SELECT id FROM T BY id WHERE n = ${4}`
    const documentId = row!.id
    const early = { strandId, sequenceNo: 3 }
    await expect(ledger.proveRevision({ documentId, digestTipAddress: early })).rejects.toMatchObject(noBlock)
    const foreign = { strandId: 'another', sequenceNo: 12 }
    await expect(ledger.proveRevision({ documentId, digestTipAddress: foreign })).rejects.toMatchObject(noBlock)
    await expect(ledger.proveRevision({} as never)).rejects.toThrow(TypeError)
    await ledger.close()
  })
})

describe('a block', () => {
  test('shows what its transaction did', async () => {
    await using ledger = await openTestLedger()
    await ledger.sql`CREATE TABLE T`
    const id = await ledger.transact(async (tx) => {
      await tx.sql`SELECT * FROM T`
      const { documentId } = await tx.sql<{ documentId: string }>`INSERT INTO T ${{ a: 1 }}`.one()
      await tx.sql`UPDATE T SET a = ${2}`
      return documentId
    })
    const block = await ledger.block(2)
    expect(block.blockTimestamp).toBeInstanceOf(Date)
    expect(block.previousBlockHash).toEqual((await ledger.block(1)).blockHash)
    expect(block.statements.map((each) => each.statement)).toEqual([
      'SELECT * FROM T',
      'INSERT INTO T ?',
      'UPDATE T SET a = ?',
    ])
    expect(block.documents).toMatchObject([{ documentId: id, tableName: 'T', statements: [1, 2] }])
    expect(block.revisions).toMatchObject([{ id, version: 0, data: { a: 2 }, txId: block.transactionId }])

    const printed = block.toIon()
    expect(printed.fields.map((field) => field.name)).toContain('transactionInfo')
    expect(new IonBlob(block.blockHash)).toEqual(printed.get('blockHash'))
    const revision = (printed.get('revisions') as IonList).items[0] as IonStruct
    expect(revision.fields.map((field) => field.name)).toEqual(
      block.revisions[0]!.toIon().fields.map((field) => field.name),
    )
  })
})
