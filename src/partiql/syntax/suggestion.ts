/** The word of a list that a misspelt one probably meant. */

/**
 * How many letters to change, add, drop or swap with their neighbour to get from one word to the other (optimal string
 * alignment distance).
 *
 * @returns `limit + 1` when there are more than `limit`
 */
export function editDistance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return limit + 1
  let beforePrevious: number[] = []
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column)
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1]
      let distance = Math.min(current[column - 1]! + 1, previous[column]! + 1, previous[column - 1]! + (isSame ? 0 : 1))
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        distance = Math.min(distance, beforePrevious[column - 2]! + 1)
      }
      current.push(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return Math.min(previous[to.length]!, limit + 1)
}

/** Words of two letters are never guessed at, short ones may differ by one letter, longer ones by two. */
function toleratedDistance(word: string): number {
  return word.length < 3 ? 0 : word.length < 6 ? 1 : 2
}

/**
 * The words that a misspelt one may have meant, the nearest first; empty when none is near, or the word is one of them.
 *
 * @param known in upper case
 */
export function nearWords(word: string, known: readonly string[]): string[] {
  const limit = toleratedDistance(word)
  if (limit === 0) return []
  const upper = word.toUpperCase()
  return known
    .map((candidate) => ({ candidate, distance: editDistance(upper, candidate, limit) }))
    .filter(({ distance }) => distance > 0 && distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .map(({ candidate }) => candidate)
}

/** ` Did you mean SELECT?` with its leading blank, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [nearest] = nearWords(word, known)
  return nearest === undefined ? '' : ` Did you mean ${nearest}?`
}
