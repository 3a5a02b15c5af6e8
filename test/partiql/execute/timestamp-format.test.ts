import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Timestamp } from '../../../src/ion/index.ts'
import { formatTimestamp, parseTimestamp } from '../../../src/partiql/execute/timestamp-format.ts'

test('a full format reads back what it wrote', () => {
  const times = fc.integer({ min: Date.UTC(1000, 0), max: Date.UTC(9990, 0) })
  const formats = fc.constantFrom(
    'yyyy-MM-dd HH:mm:ss.SSSXXX',
    "yyyy/M/d 'at' h:m:s.SSS a xxx",
    'MMMM d, yyyy HH.mm.ss,SSS xx',
    'MMM dd yyyy hh:mm:ss.SSS aX',
  )
  fc.assert(
    fc.property(times, formats, (ms, format) => {
      const timestamp = Timestamp.fromMillis(ms)
      expect(parseTimestamp(formatTimestamp(timestamp, format), format).toString()).toBe(timestamp.toString())
    }),
    { numRuns: 1000 },
  )
})

test('noon and midnight', () => {
  expect(formatTimestamp(Timestamp.parse('2020-01-01T00:30Z'), 'h:mm a')).toBe('12:30 AM')
  expect(formatTimestamp(Timestamp.parse('2020-01-01T12:30Z'), 'h:mm a')).toBe('12:30 PM')
  expect(parseTimestamp('2020 12 AM', 'y h a').hour).toBe(0)
  expect(parseTimestamp('2020 12 PM', 'y h a').hour).toBe(12)
})
