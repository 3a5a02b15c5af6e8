/** Draws grammar rules as railroad diagrams: plain SVG, no scripts, no network. */

import type { ISerializedGast } from 'chevrotain'

/** A piece of track. It enters at the left and leaves at the right on the same line; `up` and `down` are its extent. */
interface Track {
  readonly width: number
  readonly up: number
  readonly down: number
  /** @param x left end @param y the line */
  draw(x: number, y: number): string
}

const CHARACTER_WIDTH = 8
const BOX_HEIGHT = 24
const BOX_PADDING = 10
const GAP = 12
const RADIUS = 8
const ROW_GAP = 8

function box(label: string, kind: 'word' | 'token' | 'rule'): Track {
  const inner = [...label].length * CHARACTER_WIDTH + 2 * BOX_PADDING
  const corner = kind === 'rule' ? 0 : BOX_HEIGHT / 2
  return {
    width: inner,
    up: BOX_HEIGHT / 2,
    down: BOX_HEIGHT / 2,
    draw: (x, y) => {
      const rectangle = `<rect class="${kind}" x="${x}" y="${y - BOX_HEIGHT / 2}" width="${inner}" height="${BOX_HEIGHT}" rx="${corner}"/>`
      const text = `<text x="${x + inner / 2}" y="${y + 4}">${escapeText(label)}</text>`
      return kind === 'rule' ? `<a href="#${label}">${rectangle}${text}</a>` : rectangle + text
    },
  }
}

function sequence(tracks: readonly Track[]): Track {
  if (tracks.length === 1) return tracks[0]!
  return {
    width: tracks.reduce((sum, track) => sum + track.width, GAP * Math.max(0, tracks.length - 1)),
    up: Math.max(0, ...tracks.map(({ up }) => up)),
    down: Math.max(0, ...tracks.map(({ down }) => down)),
    draw: (x, y) => {
      let at = x
      let svg = ''
      for (const [index, track] of tracks.entries()) {
        if (index > 0) {
          svg += line(at, y, at + GAP)
          at += GAP
        }
        svg += track.draw(at, y)
        at += track.width
      }
      return svg
    },
  }
}

/** The first alternative lies on the line, the others below it. */
function choice(tracks: readonly Track[]): Track {
  const inner = Math.max(...tracks.map(({ width }) => width))
  const width = inner + 4 * RADIUS
  const offsets: number[] = [0]
  for (let index = 1; index < tracks.length; index += 1) {
    offsets.push(offsets[index - 1]! + tracks[index - 1]!.down + ROW_GAP + tracks[index]!.up)
  }
  return {
    width,
    up: tracks[0]!.up,
    down: offsets.at(-1)! + tracks.at(-1)!.down,
    draw: (x, y) =>
      tracks
        .map((track, index) => {
          const row = y + offsets[index]!
          const left = x + 2 * RADIUS
          const right = x + width - 2 * RADIUS
          const body = track.draw(left, row) + line(left + track.width, row, right)
          if (index === 0) return line(x, y, left) + body + line(right, y, x + width)
          const down = `<path d="M${x} ${y}q${RADIUS} 0 ${RADIUS} ${RADIUS}V${row - RADIUS}q0 ${RADIUS} ${RADIUS} ${RADIUS}"/>`
          const up = `<path d="M${right} ${row}q${RADIUS} 0 ${RADIUS} ${-RADIUS}V${y + RADIUS}q0 ${-RADIUS} ${RADIUS} ${-RADIUS}"/>`
          return down + body + up
        })
        .join(''),
  }
}

const SKIP: Track = { width: 0, up: 0, down: 0, draw: () => '' }

/** A way around, above the track. */
function optional(track: Track): Track {
  const rise = track.up + ROW_GAP
  const width = track.width + 4 * RADIUS
  return {
    width,
    up: rise + 2,
    down: track.down,
    draw: (x, y) => {
      const left = x + 2 * RADIUS
      const right = x + width - 2 * RADIUS
      const top = y - rise
      const around = `<path d="M${x} ${y}q${RADIUS} 0 ${RADIUS} ${-RADIUS}V${top + RADIUS}q0 ${-RADIUS} ${RADIUS} ${-RADIUS}H${right}q${RADIUS} 0 ${RADIUS} ${RADIUS}V${y - RADIUS}q0 ${RADIUS} ${RADIUS} ${RADIUS}"/>`
      return line(x, y, left) + track.draw(left, y) + line(right, y, x + width) + around
    },
  }
}

/** A way back, below the track, with what stands between two rounds. */
function loop(track: Track, between: Track): Track {
  const inner = Math.max(track.width, between.width)
  const width = inner + 4 * RADIUS
  const drop = track.down + ROW_GAP + Math.max(between.up, RADIUS)
  return {
    width,
    up: track.up,
    down: drop + between.down + 2,
    draw: (x, y) => {
      const left = x + 2 * RADIUS
      const right = x + width - 2 * RADIUS
      const row = y + drop
      const forth = line(x, y, left) + track.draw(left, y) + line(left + track.width, y, x + width)
      const ends = `<path d="M${right} ${y}q${RADIUS} 0 ${RADIUS} ${RADIUS}V${row - RADIUS}q0 ${RADIUS} ${-RADIUS} ${RADIUS}"/><path d="M${left} ${row}q${-RADIUS} 0 ${-RADIUS} ${-RADIUS}V${y + RADIUS}q0 ${-RADIUS} ${RADIUS} ${-RADIUS}"/>`
      return forth + ends + between.draw(left, row) + line(left + between.width, row, right)
    },
  }
}

function line(from: number, y: number, to: number): string {
  return from === to ? '' : `<path d="M${from} ${y}H${to}"/>`
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

interface SerializedProduction {
  readonly type: string
  readonly name?: string
  readonly label?: string
  readonly definition?: readonly SerializedProduction[]
  readonly separator?: SerializedProduction
}

/** How a token is written on the page of the grammar: as itself, or under its name when it is a kind of token. */
export function writtenToken(name: string, label: string): { readonly text: string; readonly isKind: boolean } {
  const isWritten = name.endsWith('Keyword') || !/^(an? |[A-Za-z])/.test(label)
  return isWritten ? { text: label, isKind: false } : { text: name, isKind: true }
}

function trackOf(production: SerializedProduction): Track {
  const parts = (): Track => sequence((production.definition ?? []).map(trackOf))
  const between = (): Track => (production.separator === undefined ? SKIP : trackOf(production.separator))
  switch (production.type) {
    case 'NonTerminal':
      return box(production.name!, 'rule')
    case 'Terminal': {
      const { text, isKind } = writtenToken(production.name!, production.label!)
      return box(text, isKind ? 'token' : 'word')
    }
    case 'Alternation':
      return choice(production.definition!.map(trackOf))
    case 'Option':
      return optional(parts())
    case 'Repetition':
    case 'RepetitionWithSeparator':
      return optional(loop(parts(), between()))
    case 'RepetitionMandatory':
    case 'RepetitionMandatoryWithSeparator':
      return loop(parts(), between())
    default:
      return parts()
  }
}

function drawRule(rule: SerializedProduction): string {
  const track = trackOf({ ...rule, type: 'Alternative' })
  const margin = 20
  const width = track.width + 2 * margin
  const height = track.up + track.down + 12
  const y = track.up + 6
  const ends = `<circle cx="6" cy="${y}" r="4"/><circle cx="${width - 6}" cy="${y}" r="4"/>`
  const body = line(10, y, margin) + track.draw(margin, y) + line(width - margin, y, width - 10)
  return `<section id="${rule.name}"><h2>${rule.name}</h2>
<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${rule.name}">${ends}${body}</svg></section>`
}

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color:#1c2430;background:#fff}
h1{font-size:1.4rem}h2{font:600 1rem ui-monospace,monospace;margin:1.6rem 0 .3rem}section{overflow-x:auto}
svg path{fill:none;stroke:#5b6675;stroke-width:1.5}svg circle{fill:#5b6675}
svg text{font:13px ui-monospace,monospace;text-anchor:middle;fill:#1c2430}
rect{stroke-width:1.5}.word{fill:#e8f1ff;stroke:#3d6fb4}.token{fill:#fdf3d7;stroke:#b08a22}.rule{fill:#f2f3f5;stroke:#8a94a3}
nav{columns:12rem;font-family:ui-monospace,monospace;font-size:.9rem}nav a{display:block;color:#3d6fb4;text-decoration:none}
@media(prefers-color-scheme:dark){body{background:#14181f;color:#e6e9ee}svg text{fill:#e6e9ee}.word{fill:#1d3352}.token{fill:#443a1a}.rule{fill:#262c36}}`

/** A page with one diagram for each rule, in the order of the rules. */
export function drawDiagrams(rules: readonly ISerializedGast[]): string {
  const productions = rules as readonly SerializedProduction[]
  const links = productions.map(({ name }) => `<a href="#${name}">${name}</a>`).join('')
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>PartiQL in Tallystick</title>
<style>${STYLE}</style>
<h1>PartiQL in Tallystick: the grammar</h1>
<p>Drawn from the parser by <code>npm run grammar</code>. Blue: written as it stands. Yellow: a kind of token. Grey: a rule. The same on one page of text: <code>partiql.ebnf</code>.</p>
<nav>${links}</nav>
${productions.map(drawRule).join('\n')}
</html>
`
}
