import type {
  CanMeanId,
  ClaimId,
  DoThisId,
  Fault,
  MismatchReason,
  NotShownId,
  Subject,
  UndecidedReason,
  Verdict,
} from './verdict.ts'

/**
 * Every sentence that a verdict is worded with, by id. `{name}` is filled in. One catalogue for command line, library and
 * pages, so that it can be translated and tested. The rules: a headline says verdict and place, never "verified" alone; a
 * claim names things and numbers without adjectives; a mismatch names no culprit; nobody triumphs.
 */
export const WORDING: Readonly<Record<WordingId, string>> = {
  'headline.verified.computer': 'Verified on this computer',
  'headline.verified.browser': 'Verified in this browser',
  'headline.mismatch': 'Does not match',
  'headline.undecided': 'Could not check',

  'thing.revision': 'Version {version} of {table} {documentId}',
  'thing.revision.no-table': 'Version {version} of document {documentId}',
  'thing.block': 'Block {sequenceNo}',
  'place.ledger': 'ledger "{ledger}"',
  'place.no-name': 'the ledger of this digest',

  'claim.included.live': '{thing} is in {place}, block {sequenceNo}, exactly as {shown}.',
  'claim.included.live.no-place': '{thing} is in {place}, exactly as {shown}.',
  'claim.included.deleted':
    '{thing} is in {place}, block {sequenceNo}, exactly as {shown}: it says that the document was deleted.',
  'claim.included.deleted.no-place':
    '{thing} is in {place}, exactly as {shown}: it says that the document was deleted.',
  'claim.included.redacted': '{thing} is in {place}, block {sequenceNo}, exactly as {shown}: erased, fingerprint kept.',
  'claim.included.redacted.no-place': '{thing} is in {place}, exactly as {shown}: erased, fingerprint kept.',
  'claim.included.block': '{thing} is in {place}, exactly as {shown}.',
  'claim.included.block.no-place': 'The block is in {place}, exactly as {shown}.',
  'shown.file': 'in {origin}',
  'shown.memory': 'shown',
  'claim.whole': '{blocks} were recomputed from their bytes; all {size} fit.',
  'claim.whole.one': 'Block 0 was recomputed from its bytes; all of it fits.',
  'claim.whole.end':
    '{blocks} were recomputed from their bytes; all {size} fit, and the end equals the digest you gave.',
  'claim.unchanged-since': 'The ledger of today contains the ledger of {digest}, unchanged, and {more} more.',

  'label.who-checked': 'who checked',
  'label.against': 'against',
  'label.seen-by': 'seen by',
  'label.not-shown': 'not shown',
  'label.can-mean': 'can mean',
  'label.do-this': 'do this',
  'label.fault': 'fault',
  'label.evidence': 'evidence',

  'against.digest.file': '{origin}{saved}{block} (QLDB form: not signed; worth as much as the place where you kept it)',
  'against.digest.typed':
    'the digest you gave{block} (QLDB form: not signed; worth as much as the place where you kept it)',
  'against.checkpoint': 'signed fingerprint of {time}, {blocks}, key {origin} ({keyGivenBy})',
  'against.nothing': 'nothing kept from earlier',
  'seen-by.nobody': 'nobody asked',
  'seen-by.some': '{seen} of {asked} witnesses: {names} (your policy asks for {needed})',
  'first-contact':
    'First look at this ledger: there was nothing earlier to compare with. From now on this computer remembers its first {blocks}.',

  'not-shown.newest': 'that version {version} is still the newest',
  'not-shown.author': 'who made the change',
  'not-shown.truth': 'that it is true',
  'not-shown.author-and-truth': 'who made the change or that it is true',
  'not-shown.names': 'the {names}, which only {origin} gives',
  'not-shown.block-number': 'number and time of the block (this form of proof does not fix them)',
  'not-shown.digest-origin': 'that the digest itself came from an honest moment',
  'not-shown.rewritten': 'that nobody rewrote all of it (keep a digest elsewhere and compare)',
  'not-shown.before-digest': 'anything before you saved {digest}',
  'not-shown.views': 'the current tables',

  'mismatch.document-differs': 'The document in {origin} is not the one that block {sequenceNo} was computed from.',
  'mismatch.field-differs': '{origin} says something about {thing} that its own content does not bear out: {fields}.',
  'mismatch.block-differs': 'The block in {origin} is not the one that its hash was computed from: {fields}.',
  'mismatch.place-differs': 'The proof in {origin} is not one for block {sequenceNo}: {fields}.',
  'mismatch.another-digest':
    'The proof in {origin} is sound in itself but leads to another digest than the one you gave.',
  'mismatch.journal-differs': '{count} in {blocks}. The first: {fault}.',
  'mismatch.journal-differs.no-block': '{count}, and no block of the journal can be read. The first: {fault}.',
  'mismatch.journal-of-another-digest': '{blocks} fit one another, but give another digest than the one you gave.',

  'undecided.digest-of-another-length':
    'The proof in {origin} was made for another digest of this ledger than the one you gave: one of another length.',
  'undecided.digest-of-another-ledger': 'The digest you gave is that of another ledger.',
  'undecided.journal-too-short': 'The journal ends with block {last}, before the digest you gave.',
  'undecided.journal-empty': 'There is no block to check.',

  'can-mean.edited': 'the document was edited after it was recorded, here or there',
  'can-mean.edited.block': 'something was edited after it was recorded, here or there',
  'can-mean.damaged': 'the file was damaged on the way',
  'can-mean.damaged.journal': 'the disk damaged the journal',
  'can-mean.other-ledger': 'a proof of another ledger',
  'can-mean.other-ledger.journal': 'the digest of another ledger',
  'can-mean.other-moment': 'the digest is of another moment',
  'can-mean.rewritten': 'the journal was rewritten after you saved the digest',

  'do-this.keep-file': 'keep this file',
  'do-this.prove-again': 'make the proof again from another copy of the ledger',
  'do-this.right-digest': 'make sure that the digest is the one you kept for this ledger',
  'do-this.prove-for-digest': 'ask for a proof that leads to your digest',
  'do-this.keep-journal': 'keep a copy of the journal as it is',
  'do-this.compare-copies': 'compare with a backup or another copy',
  'do-this.whole-journal': 'check against a digest of these blocks, or get the rest of the journal',

  'evidence.file': '{file} (what was expected, what was found, every step; for whoever must decide)',
  'count.block': '1 block',
  'count.blocks': '{count} blocks',
  'count.fault': '1 fault',
  'count.faults': '{count} faults',
  'range.block': 'Block {first}',
  'range.blocks': 'Blocks {first}–{last}',
}

type IncludedForm = 'live' | 'deleted' | 'redacted' | 'block'

/** The id of a sentence. */
export type WordingId =
  | 'headline.verified.computer'
  | 'headline.verified.browser'
  | 'headline.mismatch'
  | 'headline.undecided'
  | `thing.${'revision' | 'revision.no-table' | 'block'}`
  | `place.${'ledger' | 'no-name'}`
  | `shown.${'file' | 'memory'}`
  | `claim.included.${IncludedForm}`
  | `claim.included.${IncludedForm}.no-place`
  | 'claim.whole'
  | 'claim.whole.one'
  | 'claim.whole.end'
  | 'claim.unchanged-since'
  | `label.${'who-checked' | 'against' | 'seen-by' | 'not-shown' | 'can-mean' | 'do-this' | 'fault' | 'evidence'}`
  | `against.${'digest.file' | 'digest.typed' | 'checkpoint' | 'nothing'}`
  | `seen-by.${'nobody' | 'some'}`
  | 'first-contact'
  | `not-shown.${NotShownId}`
  | `mismatch.${MismatchReason}`
  | 'mismatch.journal-differs.no-block'
  | `undecided.${UndecidedReason}`
  | `can-mean.${CanMeanId}`
  | 'can-mean.edited.block'
  | 'can-mean.damaged.journal'
  | 'can-mean.other-ledger.journal'
  | `do-this.${DoThisId}`
  | 'evidence.file'
  | `count.${'block' | 'blocks' | 'fault' | 'faults'}`
  | `range.${'block' | 'blocks'}`

type Values = Readonly<Record<string, string>>

function say(id: WordingId, values: Values = {}): string {
  return WORDING[id].replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
}

/** `1 042`: groups of three, as in every place where numbers are read by people. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ' ')
}

/** `9.2 MB`, in powers of 1000. */
export function formatSize(sizeBytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  let size = sizeBytes
  let unit = 0
  while (size >= 999.95 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return `${unit === 0 ? formatCount(size) : size.toFixed(1)} ${units[unit]}`
}

function countOf(noun: 'block' | 'fault', count: number): string {
  return count === 1 ? say(`count.${noun}`) : say(`count.${noun}s`, { count: formatCount(count) })
}

/** `Blocks 0–1 217`, for a journal that has a block. */
function blockRange(count: number): string {
  if (count === 1) return say('range.block', { first: '0' })
  return say('range.blocks', { first: '0', last: formatCount(count - 1) })
}

/** How a verdict is laid out. */
export interface RenderOptions {
  /** The file into which the evidence of a mismatch was written; its line is left out when there is none. */
  readonly evidenceFile?: string | undefined
  /** How many faults are listed. Default 20. */
  readonly shownFaults?: number | undefined
}

/**
 * A verdict in words, many lines without colour, ending without a line break: headline, claim, then labelled lines always
 * in one order (who checked · against · seen by · not shown; or can mean · do this · evidence).
 */
export function renderVerdict(verdict: Verdict, options: RenderOptions = {}): string {
  const lines = [headline(verdict), ...verdictSentences(verdict)]
  const labelled = labelledLines(verdict, options)
  // "Could not check" is followed by what to do at once; the others leave a line.
  if (verdict.verdict !== 'undecided') lines.push('')
  for (const [label, text] of labelled) lines.push(`  ${label.padEnd(12)}  ${text}`)
  return lines.join('\n')
}

function headline(verdict: Verdict): string {
  if (verdict.verdict === 'verified') return say(`headline.verified.${verdict.checkedBy.where}`)
  return say(`headline.${verdict.verdict}`)
}

/** The sentence or sentences under the headline. */
export function verdictSentences(verdict: Verdict): string[] {
  const sentences =
    verdict.verdict === 'verified'
      ? verdict.claims.map((claim) => claimSentence(claim, verdict)).filter((sentence) => sentence !== '')
      : [reasonSentence(verdict)]
  if (verdict.firstContact) {
    const size = verdict.against?.size ?? 0
    sentences.push(say('first-contact', { blocks: countOf('block', size) }))
  }
  return sentences
}

function claimSentence(claim: ClaimId, verdict: Verdict): string {
  const { subject } = verdict
  if (subject.kind === 'journal') {
    const blocks = blockRange(subject.blockCount)
    const size = subject.sizeBytes === undefined ? 'of them' : formatSize(subject.sizeBytes)
    const isEnd = verdict.against !== undefined && subject.blocksSinceDigest === 0
    if (claim === 'whole' && subject.blockCount === 1 && !isEnd) return say('claim.whole.one')
    if (claim === 'whole') return say(isEnd ? 'claim.whole.end' : 'claim.whole', { blocks, size })
    if (claim === 'unchanged-since' && !isEnd) {
      const more = countOf('block', subject.blocksSinceDigest ?? 0)
      return say('claim.unchanged-since', { digest: verdict.against?.origin ?? 'the digest you gave', more })
    }
    return ''
  }
  const form = subject.kind === 'revision' ? subject.form : 'block'
  return say(subject.isPlaceProven ? `claim.included.${form}` : `claim.included.${form}.no-place`, {
    ...subjectValues(subject),
    shown: subject.origin === undefined ? say('shown.memory') : say('shown.file', { origin: subject.origin }),
  })
}

function subjectValues(subject: Exclude<Subject, { readonly kind: 'journal' }>): Values {
  const sequenceNo = formatCount(subject.sequenceNo)
  return {
    sequenceNo,
    origin: subject.origin ?? 'what was handed over',
    place: subject.ledger === undefined ? say('place.no-name') : say('place.ledger', { ledger: subject.ledger }),
    thing: subject.kind === 'block' ? say('thing.block', { sequenceNo }) : revisionName(subject),
  }
}

function revisionName(subject: Extract<Subject, { readonly kind: 'revision' }>): string {
  const version = formatCount(subject.version)
  const { table, documentId } = subject
  if (table === undefined) return say('thing.revision.no-table', { version, documentId })
  return say('thing.revision', { version, table, documentId })
}

function reasonSentence(verdict: Exclude<Verdict, { readonly verdict: 'verified' }>): string {
  const { subject } = verdict
  if (verdict.verdict === 'undecided') {
    const last = subject.kind === 'journal' ? formatCount(subject.blockCount - 1) : ''
    const origin = subject.kind === 'journal' ? '' : subjectValues(subject)['origin']!
    return say(`undecided.${verdict.reason}`, { last, origin })
  }
  const { faults, faultCount } = verdict.evidence
  if (subject.kind === 'journal') {
    const blocks = blockRange(subject.blockCount)
    const isFirst = verdict.reason === 'journal-differs'
    const id: WordingId =
      isFirst && subject.blockCount === 0 ? 'mismatch.journal-differs.no-block' : `mismatch.${verdict.reason}`
    return say(id, {
      count: countOf('fault', faultCount),
      blocks: isFirst ? blocks.charAt(0).toLowerCase() + blocks.slice(1) : blocks,
      fault: faults[0] === undefined ? '' : faultPlace(faults[0]),
    })
  }
  const fields = [...new Set(faults.map((fault) => fault.field))].filter((field) => field !== 'digest').join(', ')
  return say(`mismatch.${verdict.reason}`, { ...subjectValues(subject), fields })
}

/** `block 7, Vehicle 3Qv… version 2, revisions[0].data, journal/000001.seg offset 4096` */
function faultPlace(fault: Fault): string {
  const { sequenceNo, table, documentId, version, field, place } = fault
  const parts: string[] = []
  if (sequenceNo !== undefined) parts.push(`block ${formatCount(sequenceNo)}`)
  if (documentId !== undefined) parts.push(`${table ?? 'document'} ${documentId} version ${version ?? '?'}`)
  parts.push(field)
  if (place !== undefined) parts.push(place)
  return parts.join(', ')
}

type Line = readonly [label: string, text: string]

function labelledLines(verdict: Verdict, options: RenderOptions): Line[] {
  if (verdict.verdict === 'undecided') return [[say('label.do-this'), doThis(verdict.doThis)]]
  const { version, isOffline } = verdict.checkedBy
  const lines: Line[] = [
    [say('label.who-checked'), isOffline ? `${version}, offline` : version],
    [say('label.against'), against(verdict)],
  ]
  if (verdict.verdict === 'verified') {
    lines.push([say('label.seen-by'), seenBy(verdict)])
    lines.push([say('label.not-shown'), verdict.notShown.map((id) => notShown(id, verdict)).join(' · ')])
    return lines
  }
  const { faults } = verdict.evidence
  if (verdict.subject.kind === 'journal') {
    for (const fault of faults.slice(0, options.shownFaults ?? 20)) {
      lines.push([say('label.fault'), `${faultPlace(fault)}: expected ${fault.expected}, found ${fault.found}`])
    }
  }
  lines.push([say('label.can-mean'), verdict.canMean.map((id) => canMean(id, verdict.subject)).join(' · ')])
  lines.push([say('label.do-this'), doThis(verdict.doThis)])
  if (options.evidenceFile !== undefined) {
    lines.push([say('label.evidence'), say('evidence.file', { file: options.evidenceFile })])
  }
  return lines
}

function doThis(ids: readonly DoThisId[]): string {
  return ids.map((id) => say(`do-this.${id}`)).join('; ')
}

function canMean(id: CanMeanId, subject: Subject): string {
  if (id === 'edited' && subject.kind !== 'revision') return say('can-mean.edited.block')
  if (id === 'damaged' && subject.kind === 'journal') return say('can-mean.damaged.journal')
  if (id === 'other-ledger' && subject.kind === 'journal') return say('can-mean.other-ledger.journal')
  return say(`can-mean.${id}`)
}

function against(verdict: Verdict): string {
  const found = verdict.against
  if (found === undefined) return say('against.nothing')
  const block = found.size === undefined ? '' : `, block ${formatCount(found.size - 1)}`
  if (found.kind === 'checkpoint') {
    return say('against.checkpoint', {
      time: found.time === undefined ? 'unknown time' : `${minuteText(found.time)} UTC`,
      blocks: countOf('block', found.size ?? 0),
      origin: found.origin ?? '',
      keyGivenBy: found.keyGivenBy ?? 'unknown',
    })
  }
  if (found.origin === undefined) return say('against.digest.typed', { block })
  const saved = found.time === undefined ? '' : `, saved ${minuteText(found.time).slice(0, 10)}`
  return say('against.digest.file', { origin: found.origin, saved, block })
}

function seenBy(verdict: Verdict): string {
  const { seen, asked, needed } = verdict.witnesses
  if (asked === 0) return say('seen-by.nobody')
  const names = seen.map(({ name, time }) => `${name} ${minuteText(time).slice(11)}`).join(', ')
  return say('seen-by.some', { seen: String(seen.length), asked: String(asked), names, needed: String(needed) })
}

function notShown(id: NotShownId, verdict: Verdict): string {
  const { subject } = verdict
  const version = subject.kind === 'revision' ? formatCount(subject.version) : ''
  const origin = subject.kind === 'journal' ? undefined : subject.origin
  return say(`not-shown.${id}`, {
    version,
    digest: verdict.against?.origin ?? 'the digest',
    names: subject.kind === 'journal' ? '' : hearsay(subject),
    origin: origin ?? 'the proof',
  })
}

function hearsay(subject: Exclude<Subject, { readonly kind: 'journal' }>): string {
  const names: string[] = []
  if (subject.kind === 'revision' && subject.table !== undefined) names.push(subject.table)
  if (subject.ledger !== undefined && !subject.isLedgerKnown) names.push(`"${subject.ledger}"`)
  return names.length === 1 ? `name ${names[0]}` : `names ${names.join(' and ')}`
}

/** `2026-11-20 14:02` */
function minuteText(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')
}
