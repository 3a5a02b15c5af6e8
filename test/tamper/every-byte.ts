/**
 * Flips every byte of a small ledger's journal in turn and says what the audit found. Minutes.
 *
 *   npm run tamper [-- --json]
 */
import { flipByte, journalFiles, makeTamperSubject } from './flip-journal.ts'

const subject = await makeTamperSubject()
try {
  const files = journalFiles(subject.folder)
  const report = []
  for (const [name, bytes] of files) {
    const row = { name: `journal/${name}`, bytes: bytes.length, found: 0, located: 0, missed: 0 }
    for (let offset = 0; offset < bytes.length; offset++) {
      const { found, located } = await flipByte(subject, files, name, offset, 1 << (offset % 8))
      if (found) row.found++
      else row.missed++
      if (located) row.located++
    }
    report.push(row)
    if (!process.argv.includes('--json')) {
      console.log(`${row.name}: ${row.bytes} bytes, ${row.found} found, ${row.located} located, ${row.missed} missed`)
    }
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify({ files: report }, undefined, 2))
  if (report.some((row) => row.missed > 0 || row.located < row.bytes)) process.exitCode = 1
} finally {
  subject.remove()
}
