import type { SourceSlots, View } from '../plan/table-source.ts'
import { MISSING } from '../value/engine-value.ts'
import { committedRow } from './committed-row.ts'
import type { RowCursor } from './compiler.ts'
import type { Frame } from './frame.ts'
import type { RevisionAccess, RevisionCursor } from './transaction-access.ts'

/** Fills the slots of a source from a revision. */
export function writeRow(revision: RevisionAccess, slots: SourceSlots, view: View, frame: Frame): void {
  frame.countRead()
  if (slots.apart !== undefined) {
    const data = revision.data!
    for (const { name, slot } of slots.apart) frame.slots[slot] = data.get(name) ?? MISSING
  } else frame.slots[slots.row] = view === 'user' ? revision.data! : committedRow(revision, frame)
  if (slots.by !== undefined) frame.slots[slots.by] = revision.documentId
  if (slots.at !== undefined) frame.slots[slots.at] = MISSING
}

/** Revisions as rows. */
export class RevisionRows implements RowCursor {
  readonly #revisions: RevisionCursor
  readonly #slots: SourceSlots
  readonly #view: View
  readonly #frame: Frame

  constructor(revisions: RevisionCursor, slots: SourceSlots, view: View, frame: Frame) {
    this.#revisions = revisions
    this.#slots = slots
    this.#view = view
    this.#frame = frame
  }

  next(): boolean {
    for (;;) {
      const revision = this.#revisions.next()
      if (revision === undefined) return false
      // A redacted current revision has no document to show in the user view.
      if (revision.data === undefined && (this.#view === 'user' || revision.dataHash === undefined)) continue
      writeRow(revision, this.#slots, this.#view, this.#frame)
      return true
    }
  }

  close(): void {
    this.#revisions.close()
  }
}
