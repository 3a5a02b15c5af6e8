import { printText } from '../ion/index.ts'
import type { Verdict } from './verdict.ts'

/**
 * A verdict for programs: plain JSON with the ids in place of sentences. Times are ISO texts, a document is Ion text, what
 * is unknown is null. The same keys in every verdict; `reason`, `canMean`, `doThis` and `evidence` only where they apply.
 */
export function encodeVerdict(verdict: Verdict): Record<string, unknown> {
  const { subject, checkedBy, against, witnesses, firstContact } = verdict
  return {
    verdict: verdict.verdict,
    claims: verdict.claims,
    notShown: verdict.notShown,
    checkedBy,
    against:
      against === undefined
        ? null
        : {
            kind: against.kind,
            size: against.size ?? null,
            time: isoTime(against.time),
            origin: against.origin ?? null,
            keyGivenBy: against.keyGivenBy ?? null,
          },
    witnesses: {
      seen: witnesses.seen.map(({ name, time }) => ({ name, time: isoTime(time) })),
      asked: witnesses.asked,
      needed: witnesses.needed,
    },
    firstContact,
    subject,
    ...(verdict.verdict === 'verified' && verdict.document !== undefined
      ? { document: printText(verdict.document) }
      : {}),
    ...(verdict.verdict === 'verified' ? {} : { reason: verdict.reason, doThis: verdict.doThis }),
    ...(verdict.verdict === 'mismatch' ? { canMean: verdict.canMean, evidence: verdict.evidence } : {}),
  }
}

function isoTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString()
}
