/**
 * Numbers with their units.
 *
 * @module
 */

/** `1 byte`, `23 bytes`. */
export function countOf(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

/** `36.9 ms`. */
export function milliseconds(time: number): string {
  return `${time.toFixed(1)} ms`
}
