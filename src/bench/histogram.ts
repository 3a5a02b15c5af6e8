const subBucketCount = 128
const subBucketBits = 7
/** Values up to 2^45 ns (about ten hours) have a bucket of their own; longer ones share the last. */
const largestBits = 45
const bucketCount = 2 * subBucketCount + (largestBits - subBucketBits - 1) * subBucketCount

/**
 * Counts durations in buckets whose width grows with the value, so that any quantile is known within 1/128 (0.8 %) at
 * the cost of one array increment a value and 40 KB in all, however many values come.
 *
 * Shape: nanoseconds 0…255 have one bucket each; every further power of two is cut into 128 buckets.
 * Source: the idea of HdrHistogram (Gil Tene, hdrhistogram.org).
 */
export class Histogram {
  readonly #counts = new Float64Array(bucketCount)
  #count = 0
  #largestNs = 0

  /** How many durations were recorded. */
  get count(): number {
    return this.#count
  }

  /** Records one duration in milliseconds; a negative one counts as 0. */
  record(durationMs: number): void {
    const ns = Math.max(0, Math.round(durationMs * 1e6))
    const bucket = Math.min(bucketOf(ns), bucketCount - 1)
    this.#counts[bucket] = this.#counts[bucket]! + 1
    this.#count++
    if (ns > this.#largestNs) this.#largestNs = ns
  }

  /**
   * The duration in milliseconds that a share of all recorded ones does not exceed, rounded up to the end of its bucket.
   *
   * @param share from 0 to 1: 0.5 is the median, 0.99 what one in a hundred exceeds
   * @returns undefined when nothing was recorded
   */
  quantileMs(share: number): number | undefined {
    if (this.#count === 0) return undefined
    const rank = Math.max(1, Math.ceil(share * this.#count))
    let seen = 0
    for (let bucket = 0; bucket < bucketCount - 1; bucket++) {
      seen += this.#counts[bucket]!
      if (seen >= rank) return Math.min(lastOf(bucket), this.#largestNs) / 1e6
    }
    return this.#largestNs / 1e6
  }
}

function bucketOf(ns: number): number {
  if (ns < 2 * subBucketCount) return ns
  const bits = ns < 2 ** 32 ? 32 - Math.clz32(ns) : 64 - Math.clz32(Math.floor(ns / 2 ** 32))
  const shift = bits - subBucketBits - 1
  return shift * subBucketCount + Math.floor(ns / 2 ** shift)
}

/** The largest value of a bucket: what {@link bucketOf} maps to it. */
function lastOf(bucket: number): number {
  if (bucket < 2 * subBucketCount) return bucket
  const shift = Math.floor(bucket / subBucketCount) - 1
  return (bucket - shift * subBucketCount + 1) * 2 ** shift - 1
}
