import { NotFoundError } from '../../errors.ts'
import { IonList, IonStruct, type IonValue, printText } from '../../ion/index.ts'
import { diffDocuments, type IonChange, type Revision } from '../../ledger/index.ts'
import { formatCount } from '../../verify/index.ts'
import { printable, textTable } from '../text-table.ts'
import type { ReplSession } from './session.ts'

/** How much of a value is shown, in characters. */
const SHOWN_LENGTH = 60

/** `\log ID`: every version of a document, the newest first, with what changed and by which statements. */
export async function showLog(session: ReplSession, documentId: string): Promise<void> {
  let revision = await session.ledger.revision({ documentId })
  for (;;) {
    const former = await revisionBefore(session, revision)
    const { sequenceNo } = revision.blockAddress
    session.say(
      session.bold(
        `version ${revision.version}   block ${formatCount(sequenceNo)}   ${revision.txTime.toISOString()}   transaction ${revision.txId}`,
      ),
    )
    for (const statement of await statementsOf(session, revision)) session.say(session.dim(`  ${statement}`))
    for (const line of describeChange(former, revision)) session.say(`  ${line}`)
    if (former === undefined || session.signal.aborted) return
    session.say('')
    revision = former
  }
}

async function revisionBefore(session: ReplSession, { id, version }: Revision): Promise<Revision | undefined> {
  return version === 0 ? undefined : session.ledger.revision({ documentId: id, version: version - 1 })
}

/** The statements of the transaction that touched the document, each on one line. */
async function statementsOf(session: ReplSession, { id, blockAddress }: Revision): Promise<string[]> {
  const block = await session.ledger.block(blockAddress.sequenceNo)
  const touched = block.documents.find(({ documentId }) => documentId === id)?.statements ?? []
  return touched.map((index) => shorten(block.statements[index]?.statement.replace(/\s+/g, ' ') ?? '', 100))
}

function describeChange(former: Revision | undefined, revision: Revision): string[] {
  if (revision.kind === 'deletion') return ['deleted']
  if (revision.kind === 'redacted') return ['erased, fingerprint kept']
  const data = dataOf(revision)
  if (former === undefined || former.kind === 'deletion') return [`inserted: ${shorten(printText(data!), 100)}`]
  if (former.kind === 'redacted') return ['what changed is unknown: the version before is erased']
  const changes = diffDocuments(dataOf(former), data)
  return changes.length === 0 ? ['no field changed'] : changes.map(changeLine)
}

/** `\diff ID [V1 [V2]]`: from one version to another; without numbers what the newest changed. */
export async function showDiff(
  session: ReplSession,
  documentId: string,
  from: number | undefined,
  to: number | undefined,
): Promise<void> {
  const latter = await session.ledger.revision(to === undefined ? { documentId } : { documentId, version: to })
  if (from === undefined && latter.version === 0) {
    session.say(`Document ${latter.id} has one version. See it with: \\log ${latter.id}`)
    return
  }
  const former = await session.ledger.revision({ documentId, version: from ?? latter.version - 1 })
  session.say(session.bold(`version ${former.version} → version ${latter.version}`))
  for (const each of [former, latter]) {
    if (each.kind === 'redacted') {
      session.say(`  version ${each.version} is erased; only its fingerprint is kept`)
      return
    }
    if (each.kind === 'deletion') session.say(`  version ${each.version} is the deletion`)
  }
  const changes = diffDocuments(dataOf(former), dataOf(latter))
  if (changes.length === 0) session.say('  no field differs')
  for (const change of changes) session.say(`  ${changeLine(change)}`)
}

/** `\blame ID`: for each field of a document, the version and transaction that last set it. */
export async function showBlame(session: ReplSession, documentId: string): Promise<void> {
  const newest = await session.ledger.revision({ documentId })
  const origins = new Map<string, Revision>()
  let last: Revision | undefined
  let former: Revision | undefined
  for (let version = 0; version <= newest.version; version++) {
    if (session.signal.aborted) return
    const revision = version === newest.version ? newest : await session.ledger.revision({ documentId, version })
    if (revision.kind === 'document') {
      // Behind an erased version nobody knows what changed: everything counts as set anew.
      const before = former?.kind === 'document' ? dataOf(former) : undefined
      noteOrigins(origins, diffDocuments(before, dataOf(revision)), revision)
      last = revision
    }
    former = revision
  }
  if (last === undefined) {
    throw new NotFoundError('REVISION_NOT_FOUND', `Every version of document ${documentId} is erased.`)
  }
  if (last !== newest) {
    const state = newest.kind === 'deletion' ? 'deleted' : 'erased'
    session.say(`Version ${newest.version} says ${state}; these are the fields of version ${last.version}:`)
  }
  const rows = leaves(dataOf(last)!, '').map(({ path, value }) => {
    const origin = originOf(origins, path) ?? last
    const cells = [path, shorten(printText(value), SHOWN_LENGTH), origin.txTime.toISOString(), origin.txId]
    const [field, shown, time, transaction] = cells.map((text) => ({ text: printable(text), isNumber: false }))
    const number = (count: number) => ({ text: formatCount(count), isNumber: true })
    return [field, shown, number(origin.version), number(origin.blockAddress.sequenceNo), time, transaction]
  })
  session.say(textTable(['field', 'value', 'version', 'block', 'time', 'transaction'], rows))
}

/** A place that was set anew takes everything inside it along. */
function noteOrigins(origins: Map<string, Revision>, changes: readonly IonChange[], revision: Revision): void {
  for (const { path, after } of changes) {
    for (const known of origins.keys()) {
      if (known === path || known.startsWith(`${path}.`) || known.startsWith(`${path}[`)) origins.delete(known)
    }
    if (after !== undefined) origins.set(path, revision)
  }
}

/** The origin of a place, or of the nearest place around it. */
function originOf(origins: ReadonlyMap<string, Revision>, path: string): Revision | undefined {
  let found: Revision | undefined
  let length = -1
  for (const [known, revision] of origins) {
    const isAround = known === path || path.startsWith(`${known}.`) || path.startsWith(`${known}[`)
    if (isAround && known.length > length) {
      found = revision
      length = known.length
    }
  }
  return found
}

interface Leaf {
  readonly path: string
  readonly value: IonValue
}

/** Every place of a document that holds no other, as {@link diffDocuments} names it. */
function leaves(document: IonStruct, path: string): Leaf[] {
  // What differs from nothing is every field; deeper places are found the same way.
  return diffDocuments(undefined, document).flatMap((change) => {
    const inner = path === '' ? change.path : `${path}.${change.path}`
    return leavesOf(change.after!, inner)
  })
}

function leavesOf(value: IonValue, path: string): Leaf[] {
  if (value instanceof IonStruct && value.fields.length > 0) return leaves(value, path)
  if (value instanceof IonList && value.items.length > 0) {
    return value.items.flatMap((item, index) => leavesOf(item, `${path}[${index}]`))
  }
  return [{ path, value }]
}

function dataOf(revision: Revision): IonStruct | undefined {
  const data = revision.toIon().get('data')
  return data instanceof IonStruct ? data : undefined
}

function changeLine({ path, before, after }: IonChange): string {
  const shown = (value: IonValue): string => shorten(printText(value), SHOWN_LENGTH)
  const place = printable(path)
  if (before === undefined) return `+ ${place}: ${shown(after!)}`
  if (after === undefined) return `- ${place}: ${shown(before)}`
  return `~ ${place}: ${shown(before)} → ${shown(after)}`
}

function shorten(text: string, length: number): string {
  const shown = printable(text)
  return shown.length <= length ? shown : `${shown.slice(0, length - 1)}…`
}
