/**
 * The arithmetic of the benchmark.
 *
 * @module
 */

/** Returns the middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** Returns the value that so many percent lie below, between two neighbours. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other)
  const place = ((sorted.length - 1) * percent) / 100
  const below = sorted[Math.floor(place)] ?? Number.NaN
  const above = sorted[Math.ceil(place)] ?? Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

/**
 * Returns the median of the ratios round by round. A slow moment of the
 * machine hits both sides of a round, so it cancels out.
 */
export function ratio(values: readonly number[], base: readonly number[]): number {
  return median(values.map((value, round) => value / (base[round] ?? Number.NaN)))
}

/** Returns the median and the spread: `1.20 (1.10 to 1.90)`. */
export function withSpread(values: readonly number[], digits: number): string {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const middle = median(values).toFixed(digits)
  if (values.length < 2) return middle
  return `${middle} (${low.toFixed(digits)} to ${high.toFixed(digits)})`
}
