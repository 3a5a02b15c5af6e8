import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeId, IdSource } from '../../src/journal/index.ts'
import { DocumentVersions } from '../../src/verify/document-versions.ts'
import { seededRandomness } from '../journal/sample-journal.ts'

test('it answers as a Map does, for ids of ours, of others, and texts that are no ids', () => {
  const edge = fc.constantFrom(
    '0'.repeat(22),
    'LygHa16AHYFLygHa16AHYF',
    'LygHa16AHYGLygHa16AHYF',
    'z'.repeat(22),
    '',
    'x',
  )
  const id = fc.oneof(fc.uint8Array({ minLength: 16, maxLength: 16 }).map(encodeId), edge)
  const set = fc.record({ id, version: fc.integer({ min: 0, max: 2 ** 31 - 2 }), isDeleted: fc.boolean() })
  fc.assert(
    fc.property(fc.array(set, { maxLength: 50 }), (sets) => {
      const versions = new DocumentVersions()
      const model = new Map<string, { version: number; isDeleted: boolean }>()
      for (const { id: documentId, version, isDeleted } of sets) {
        expect(versions.get(documentId)).toEqual(model.get(documentId))
        versions.set(documentId, version, isDeleted)
        model.set(documentId, { version, isDeleted })
        expect(versions.get(documentId)).toEqual({ version, isDeleted })
      }
      expect(versions.size).toBe(model.size)
    }),
  )
})

test('it grows, and keeps apart ids that follow one another', () => {
  const source = new IdSource(seededRandomness())
  const versions = new DocumentVersions()
  const ids = Array.from({ length: 50_000 }, () => source.next(0))
  for (const [index, id] of ids.entries()) versions.set(id, index, index % 2 === 0)
  for (const [index, id] of ids.entries()) {
    const found = versions.get(id)
    if (found?.version !== index || found.isDeleted !== (index % 2 === 0)) expect.fail(id)
  }
  expect(versions.size).toBe(ids.length)
  expect(versions.get(source.next(0))).toBeUndefined()
})
