/**
 * Formats numbers with units.
 *
 * @module
 */

/** Returns a count with its noun: `1 byte`, `23 bytes`. */
export function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

/** Returns a time in milliseconds: `36.9 ms`. */
export function milliseconds(time: number): string {
  return `${time.toFixed(1)} ms`
}
