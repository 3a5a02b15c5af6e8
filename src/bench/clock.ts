/** The one seam through which this room looks at the time, so that a test can own it. */
export interface BenchClock {
  /** Milliseconds since some fixed moment, with fractions; never runs backwards. */
  readonly nowMs: () => number
  /** The wall clock, for the date of a report. */
  readonly date: () => Date
}

/** The clock of the machine; its resolution is well below a microsecond. */
export const machineClock: BenchClock = {
  nowMs: () => performance.now(),
  date: () => new Date(),
}
