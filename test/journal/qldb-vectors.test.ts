/** Goal: the hashes of real QLDB blocks come out of our own structures, and of what we print for them. */
import { describe, expect, test } from 'vitest'
import { decodeBase64, dot, EMPTY_HASH, encodeBase64 } from '../../src/hash/index.ts'
import { hashValue, type IonStruct, parseOne, printText } from '../../src/ion/index.ts'
import {
  CommitDigest,
  metadataHash,
  metadataToIon,
  statementDigest,
  type TransactionInfo,
  transactionInfoToIon,
} from '../../src/journal/index.ts'
import { metadataHashes, transactionInfoHash } from '../../src/journal/structure-hash.ts'
import { merkleRoot } from '../../src/merkle/index.ts'
import { BLOCK_A, BLOCK_B, BLOCK_D, DELETION_C, STATEMENT_DIGESTS } from '../vectors/qldb.ts'
import { verifyPrintedBlocks } from './independent-verifier.ts'
import { hashOfText } from './sample-journal.ts'

type PrintedMetadata = typeof BLOCK_B.metadata | typeof DELETION_C.metadata

function hashOfMetadata({ id, version, txTime, txId }: PrintedMetadata): Uint8Array {
  return metadataHash({ id, version, txTime: Date.parse(txTime), txId })
}

describe('blocks that QLDB printed', () => {
  test('pass the independent verifier, so it can be believed about ours', () => {
    verifyPrintedBlocks([BLOCK_A])
    expect(() => verifyPrintedBlocks([BLOCK_A.replace('90.25', '90.250')])).toThrow('revision')
    expect(() => verifyPrintedBlocks([BLOCK_A.replace('.302Z', '.303Z')])).toThrow('transactionInfo')
  })

  test('A: transaction info, straight from fields and as printed', () => {
    const info: TransactionInfo = {
      statements: [
        {
          statement: STATEMENT_DIGESTS[2]![0],
          startTime: Date.parse('2019-09-16T19:37:05.302Z'),
          statementDigest: decodeBase64(STATEMENT_DIGESTS[2]![1]),
        },
      ],
      documents: [
        {
          documentId: 'JUJgkIcNbhS2goq8RqLuZ4',
          tableId: 'BFJKdXgzt9oF4wjMbuxy4G',
          tableName: 'VehicleRegistration',
          statements: [0],
        },
      ],
    }
    const expected = 'TvTXygML1bMe6NvEZtGkX+KR+W/EJl4qD1mmV77KZQg='
    expect(encodeBase64(transactionInfoHash(info))).toBe(expected)
    expect(encodeBase64(hashValue(transactionInfoToIon(info)))).toBe(expected)
    const printed = (parseOne(BLOCK_A) as IonStruct).get('transactionInfo')!
    expect(printText(transactionInfoToIon(info))).toBe(printText(printed))
  })

  test('A: revision', () => {
    const revision = (parseOne(BLOCK_A) as IonStruct).get('revisions') as unknown as { items: readonly IonStruct[] }
    const data = revision.items[0]!.get('data')!
    const metadata = {
      id: 'JUJgkIcNbhS2goq8RqLuZ4',
      version: 3,
      txTime: Date.parse('2019-09-16T19:37:05.344Z'),
      txId: 'FnQeJBAicTX0Ah32ZnVtSX',
    }
    const expected = 'mHVex/yjHAWjFPpwhBuH2GKXmKJjK2FBa9faqoUVNtg='
    expect(encodeBase64(dot(metadataHash(metadata), hashValue(data)))).toBe(expected)
    expect(hashValue(metadataToIon(metadata))).toEqual(metadataHash(metadata))
  })

  test('B and C: metadata, alone and many at once', () => {
    const all = [BLOCK_B.metadata, DELETION_C.metadata].flatMap(({ id, version, txTime, txId }) => {
      const metadata = { id, version, txTime: Date.parse(txTime), txId }
      const others = Array.from({ length: 70 }, (_, i) => ({ ...metadata, id: `${i}`.padStart(22, '0') }))
      return [metadata, ...others, { ...metadata, version: 300 }]
    })
    for (const some of [[], all.slice(0, 1), all.slice(0, 3), all.slice(0, 5), all]) {
      expect(metadataHashes(some)).toEqual(some.map((metadata) => hashValue(metadataToIon(metadata))))
    }
  })

  test('B: revision', () => {
    const hash = dot(hashOfMetadata(BLOCK_B.metadata), hashOfText(BLOCK_B.data))
    expect(encodeBase64(hash)).toBe(BLOCK_B.entriesHashList[1])
  })

  test('B and D: entries and block', () => {
    for (const block of [BLOCK_B, BLOCK_D]) {
      const entriesHash = merkleRoot(block.entriesHashList.map(decodeBase64))
      expect(encodeBase64(entriesHash)).toBe(block.entriesHash)
      expect(encodeBase64(dot(entriesHash, decodeBase64(block.previousBlockHash)))).toBe(block.blockHash)
    }
  })

  test('C: a deletion is the hash of its metadata', () => {
    expect(encodeBase64(dot(hashOfMetadata(DELETION_C.metadata), EMPTY_HASH))).toBe(DELETION_C.hash)
  })
})

describe('digests of statements and commits', () => {
  test('F: a statement without parameters, as QLDB printed it', () => {
    for (const [statement, digest] of STATEMENT_DIGESTS) {
      expect(encodeBase64(statementDigest(statement, []))).toBe(digest)
    }
  })

  test('a commit, as the drivers compute it (made with ion-hash-js)', () => {
    const commit = new CommitDigest('0007KbqoyqAIch6XRbQ4iA')
    expect(encodeBase64(commit.digest)).toBe('hHu2SOcCAjiJoOahYd9CGFHcoNGkMlzh49L/UdiyP5s=')
    commit.add('SELECT * FROM Person AS p WHERE p.GovId = ?', ['LEWISR261LL'])
    commit.add('UPDATE Person AS p SET p.Age = ? WHERE p.GovId = ?', [42, 'LEWISR261LL'])
    expect(encodeBase64(commit.digest)).toBe('1uPtLfceWn8g/KazY9Ew5aD6qkG1hlQSI0FuOe5t31w=')
    expect(
      encodeBase64(statementDigest('UPDATE Person AS p SET p.Age = ? WHERE p.GovId = ?', [42, 'LEWISR261LL'])),
    ).toBe('j2D4wXZ0VR4VQvnqgG8clacCQgxuiuRbG2QIL0pX5OY=')
  })

  test('a parameter whose hash is known is not hashed again', () => {
    const known = hashValue('LEWISR261LL')
    const statement = 'SELECT * FROM Person AS p WHERE p.GovId = ?'
    expect(statementDigest(statement, ['not looked at'], () => known)).toEqual(
      statementDigest(statement, ['LEWISR261LL']),
    )
  })

  test('a statement that is no Unicode text is refused, and the next one is hashed as ever', () => {
    expect(() => statementDigest('SELECT \ud800', [])).toThrow(expect.objectContaining({ code: 'BAD_VALUE' }))
    const [statement, digest] = STATEMENT_DIGESTS[0]!
    expect(encodeBase64(statementDigest(statement, []))).toBe(digest)
  })
})
