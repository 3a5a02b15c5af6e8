/**
 * The process that gets killed: four writers on one ledger, each saying on standard output what it is about to commit
 * (`try N`) and what was acknowledged (`ack N`). Runs until it is killed.
 *
 *   node writer.js FOLDER FIRST_NUMBER
 */
import { writeSync } from 'node:fs'
import { openLedger } from '../../src/index.ts'

const [folder, first] = process.argv.slice(2)
if (folder === undefined || first === undefined) throw new TypeError('usage: writer FOLDER FIRST_NUMBER')

const ledger = await openLedger(folder, { segmentSizeBytes: 64 * 1024 })
if ((await ledger.sql`SELECT VALUE name FROM information_schema.user_tables WHERE name = ${'Entry'}`).length === 0) {
  await ledger.transact(async (tx) => {
    await tx.execute('CREATE TABLE Entry')
    await tx.execute('CREATE INDEX ON Entry (number)')
  })
}

let next = Number(first)
async function write(): Promise<never> {
  for (;;) {
    const number = next++
    writeSync(1, `try ${number}\n`)
    await ledger.transact(async (tx) => {
      const document = { number, text: `entry ${number}`, filler: 'x'.repeat(number % 300) }
      await tx.execute('INSERT INTO Entry ?', document)
      // Every third one also changes an earlier one, so that indexes and history move too.
      if (number % 3 === 0) await tx.execute('UPDATE Entry SET touched = ? WHERE number = ?', number, number - 1)
    })
    writeSync(1, `ack ${number}\n`)
  }
}
writeSync(1, 'ready\n')
await Promise.all([write(), write(), write(), write()])
