import { describe, expect, test } from 'vitest'
import { decodeBase64 } from '../../src/hash/index.ts'
import { decodeDigest, encodeDigest } from '../../src/journal/index.ts'
import { DIGEST_A, TIP_A } from '../vectors/qldb.ts'

const digest = decodeBase64(DIGEST_A)
const digestTipAddress = { strandId: 'KmA3ZZca7vAIiJAK9S5Iwl', sequenceNo: TIP_A }

describe('a digest as text', () => {
  test('comes back, with and without what helps to recognise it', () => {
    const saved = { digest, digestTipAddress, ledger: 'cars', savedAt: Date.UTC(2026, 2, 3) }
    expect(decodeDigest(encodeDigest(saved))).toEqual(saved)
    expect(decodeDigest(encodeDigest({ digest, digestTipAddress }))).toEqual({ digest, digestTipAddress })
  })

  test('is JSON that a person can read', () => {
    expect(JSON.parse(encodeDigest({ digest, digestTipAddress, ledger: 'cars', savedAt: 0 }))).toEqual({
      ledger: 'cars',
      digest: DIGEST_A,
      digestTipAddress,
      savedAt: '1970-01-01T00:00:00.000Z',
    })
  })

  test('is read as QLDB printed it', () => {
    const address = '{strandId:\\"KmA3ZZca7vAIiJAK9S5Iwl\\",sequenceNo:123}'
    const printed = `{ "Digest": "${DIGEST_A}", "DigestTipAddress": { "IonText": "${address}" } }`
    expect(decodeDigest(printed)).toEqual({ digest, digestTipAddress })
    const ion = `{digest:{{${DIGEST_A}}},digestTipAddress:{strandId:"KmA3ZZca7vAIiJAK9S5Iwl",sequenceNo:123},savedAt:1970-01-01T00:00:01Z}`
    expect(decodeDigest(ion)).toEqual({ digest, digestTipAddress, savedAt: 1000 })
  })

  test('that is none is a typed error', () => {
    const good = encodeDigest({ digest, digestTipAddress })
    const bad = [
      '',
      '{',
      '[]',
      '{}',
      good.replace('"digest"', '"digset"'),
      good.replace(DIGEST_A, DIGEST_A.slice(4)),
      good.replace(DIGEST_A, '****'),
      good.replace('123', '-1'),
      good.replace('123', '"123"'),
      good.replace('"strandId"', '"strand"'),
      good.replace('"digestTipAddress"', '"tip"'),
      good.replace('{', '{"savedAt":"soon",'),
      good.replace('{', '{"savedAt":5,'),
      good.replace('"strandId"', '"more":1,"strandId"'),
    ]
    for (const text of bad) {
      expect(() => decodeDigest(text), text).toThrow(expect.objectContaining({ code: 'BAD_DIGEST' }))
    }
  })
})
