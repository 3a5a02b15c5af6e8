import { closeSync, cpSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Command } from 'commander'
import { encodeBase64 } from '../hash/index.ts'
import type { IonValue } from '../ion/index.ts'
import { encodeDigest } from '../journal/index.ts'
import { auditJournal, auditViews, type Ledger, openLedger } from '../ledger/index.ts'
import { encodeProofFile, formatCount, parseExpectedDigest, renderVerdict, verifyProofFile } from '../verify/index.ts'
import type { CommandContext } from './command-context.ts'
import { DEMO_SEED, DEMO_SIZE, INES, MARIA, PETER, STORY_VIN, vehicleRegistrationData } from './demo-data.ts'
import { UsageError } from './exit-code.ts'
import { runRepl } from './repl-command.ts'
import { renderTable } from './result-output.ts'

/** Documents a transaction while loading. */
const BATCH_SIZE = 200

/** `tally demo`: a vehicle register from its first table to a caught tampering. */
export function registerDemo(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description('a vehicle register: load, query, the life of one car, a proof, and a caught tampering')
    .argument('[folder]', 'where to make the ledger; must not exist. Default: a new temporary folder')
    .option('--then-repl', 'open the REPL on the ledger afterwards, when there is a terminal')
    .addHelpText('after', '\nExample:\n  tally demo ./register')
    .action(async (folder: string | undefined, options: { readonly thenRepl?: boolean }) => {
      const path = folder ?? join(mkdtempSync(join(tmpdir(), 'tally-demo-')), 'register')
      await new Demo(context, path).run()
      if (options.thenRepl === true && context.io.isInteractive) await runRepl(path, {}, context)
    })
}

class Demo {
  readonly #context: CommandContext
  readonly #path: string

  constructor(context: CommandContext, path: string) {
    this.#context = context
    this.#path = path
  }

  async run(): Promise<void> {
    const { path, say } = { path: this.#path, say: (text: string) => this.#say(text) }
    let proofText: string
    let digestText: string
    {
      await using ledger = await openLedger(path)
      if ((await ledger.digest()).digestTipAddress.sequenceNo > 0) {
        throw new UsageError(`"${path}" is a ledger already. Give the demo a folder of its own.`)
      }
      await this.#load(ledger)
      await this.#query(ledger)
      const documentId = await this.#lifeOfACar(ledger)

      this.#heading('Fingerprint and proof')
      const digest = await ledger.digest()
      digestText = encodeDigest({ ...digest, ledger: ledger.name })
      say(`The fingerprint of everything so far, ${formatCount(digest.digestTipAddress.sequenceNo + 1)} blocks:`)
      say(`  ${encodeBase64(digest.digest)}`)
      say('A proof that version 1 of the registration, the one that says Peter, is part of it:\n')
      proofText = encodeProofFile(await ledger.proveRevision({ documentId, version: 1 }))
    }
    const verdict = verifyProofFile(
      proofText,
      parseExpectedDigest(digestText, 'the digest of a moment ago'),
      this.#context.checkedBy(true),
      'the proof',
    )
    say(indent(renderVerdict(verdict)))
    if (verdict.verdict !== 'verified') throw new Error('The demo could not verify its own proof. Please report this.')

    await this.#tamper(digestText)
    this.#whatNext()
  }

  async #load(ledger: Ledger): Promise<void> {
    const data = vehicleRegistrationData(DEMO_SEED, DEMO_SIZE)
    const tables: readonly [string, string, readonly object[]][] = [
      ['Person', 'govId', data.persons],
      ['DriversLicense', 'holder', data.licenses],
      ['Vehicle', 'vin', data.vehicles],
      ['VehicleRegistration', 'vin', data.registrations],
    ]
    this.#heading('A vehicle register')
    this.#say(`Ledger: ${this.#path}`)
    const start = performance.now()
    let count = 0
    for (const [table, field, documents] of tables) {
      await ledger.execute(`CREATE TABLE ${table}`)
      await ledger.execute(`CREATE INDEX ON ${table} (${field})`)
      for (let from = 0; from < documents.length; from += BATCH_SIZE) {
        await ledger.execute(`INSERT INTO ${table} ?`, documents.slice(from, from + BATCH_SIZE))
      }
      this.#say(`  ${table.padEnd(20)} ${formatCount(documents.length).padStart(6)} documents, index on ${field}`)
      count += documents.length
    }
    const seconds = (performance.now() - start) / 1000
    this.#say(`${formatCount(count)} documents in ${seconds.toFixed(1)} s, every commit synced to the disk.`)
  }

  async #query(ledger: Ledger): Promise<void> {
    this.#heading('Questions')
    await this.#show(
      ledger,
      'SELECT v.vin, v.make, v.model, v."year", r.plate FROM Vehicle AS v JOIN VehicleRegistration AS r ON v.vin = r.vin WHERE v.vin = ?',
      STORY_VIN,
    )
    await this.#show(
      ledger,
      'SELECT make, COUNT(*) AS vehicles, MAX(listPrice) AS dearest FROM Vehicle GROUP BY make ORDER BY vehicles DESC LIMIT 5',
    )
  }

  /** @returns the document id of the car's registration */
  async #lifeOfACar(ledger: Ledger): Promise<string> {
    this.#heading(`The life of one car, ${STORY_VIN}`)
    const [found] = await ledger.sql<{ id: string }>`
      SELECT id FROM VehicleRegistration AS r BY id WHERE r.vin = ${STORY_VIN}`
    const id = found!.id

    this.#say(`Maria (${MARIA}) bought it; now she sells it to Peter, and it becomes Ines's to drive as well.`)
    await ledger.transact(async (tx) => {
      await tx.sql`UPDATE VehicleRegistration AS r SET r.owners.primary = ${PETER} WHERE r.vin = ${STORY_VIN}`
      await tx.sql`FROM VehicleRegistration AS r WHERE r.vin = ${STORY_VIN} INSERT INTO r.owners.secondary VALUE ${INES}`
    })
    this.#say('Peter sells it abroad: it leaves the register.')
    await ledger.transact(async (tx) => {
      await tx.sql`DELETE FROM VehicleRegistration WHERE vin = ${STORY_VIN}`
      await tx.sql`DELETE FROM Vehicle WHERE vin = ${STORY_VIN}`
    })
    this.#say('The current view has no row any more, the history has every version and the deletion:\n')
    await this.#show(ledger, 'SELECT * FROM VehicleRegistration WHERE vin = ?', STORY_VIN)
    await this.#show(
      ledger,
      'SELECT h.metadata.version, h.blockAddress.sequenceNo AS block, h.data.owners.primary AS owner, h.data.owners.secondary AS drivers ' +
        'FROM history(VehicleRegistration) AS h WHERE h.metadata.id = ?',
      id,
    )
    return id
  }

  /** Flips one bit of a document in a copy of the journal, and has the audit find it. */
  async #tamper(digestText: string): Promise<void> {
    this.#heading('Somebody changes the past')
    const copy = `${this.#path}-tampered`
    rmSync(copy, { recursive: true, force: true })
    cpSync(this.#path, copy, { recursive: true })
    try {
      const journal = join(copy, 'journal')
      const segment = readdirSync(journal).sort()[0]!
      const file = join(journal, segment)
      const offset = flipBit(file, PETER)
      this.#say(
        `In a copy of the ledger one bit of ${segment} is flipped, at byte ${formatCount(offset)}: Peter's number`,
      )
      this.#say('becomes somebody else’s. The audit recomputes every block from its bytes:\n')
      const report = await auditJournal(copy, {
        checkedBy: this.#context.checkedBy(true),
        digest: parseExpectedDigest(digestText, 'the digest of a moment ago'),
        viewFaults: () => auditViews(copy),
      })
      this.#say(indent(renderVerdict(report.verdict, { shownFaults: 4 })))
      if (report.verdict.verdict !== 'mismatch') {
        throw new Error('The demo’s audit did not find the damage. Please report this.')
      }
    } finally {
      rmSync(copy, { recursive: true, force: true })
    }
  }

  #whatNext(): void {
    const tally = invocation()
    const path = relative(process.cwd(), this.#path).startsWith('..') ? this.#path : relative(process.cwd(), this.#path)
    this.#heading('What next')
    this.#say(`  ${tally} repl ${path}`)
    this.#say(`  ${tally} digest ${path} -o my.digest`)
    this.#say(`  ${tally} audit ${path} --digest my.digest`)
    this.#say(`  ${tally} --help`)
  }

  async #show(ledger: Ledger, statement: string, ...parameters: readonly unknown[]): Promise<void> {
    const { io } = this.#context
    const rows: readonly IonValue[] = await ledger.execute(statement, ...parameters).with({ ion: true })
    const shown = parameters.length === 0 ? statement : `${statement}    -- ? = ${parameters.join(', ')}`
    this.#say(`tally> ${shown}`)
    this.#say(rows.length === 0 ? '(no rows)\n' : `${indent(renderTable(rows, false, io.columns - 2))}\n`)
  }

  #heading(text: string): void {
    const { io } = this.#context
    io.write(io.usesColor ? `\n\u001b[1m${text}\u001b[0m\n\n` : `\n${text}\n${'-'.repeat(text.length)}\n\n`)
  }

  #say(text: string): void {
    this.#context.io.write(`${text}\n`)
  }
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ')
}

/** How this program was called, for what to type next. */
function invocation(): string {
  const script = process.argv[1] ?? 'tally'
  return script.endsWith('main.js') ? `node ${relative(process.cwd(), script)}` : 'tally'
}

/**
 * Flips the lowest bit of the last character of `text`, at its last place in a file.
 *
 * @returns the byte's offset
 */
function flipBit(file: string, text: string): number {
  const bytes = Buffer.alloc(statSync(file).size)
  const handle = openSync(file, 'r+')
  try {
    readSync(handle, bytes, 0, bytes.length, 0)
    const found = bytes.lastIndexOf(text, undefined, 'latin1')
    if (found < 0) throw new Error(`"${text}" is not in ${file}.`)
    const offset = found + text.length - 1
    writeSync(handle, Uint8Array.of(bytes[offset]! ^ 1), 0, 1, offset)
    return offset
  } finally {
    closeSync(handle)
  }
}
