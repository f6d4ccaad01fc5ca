/**
 * Loads what shows a session beside its wire: the terminal in memory is for those who want it.
 *
 * @module
 */

/** Loads it. */
export function loadBeside(): typeof import('./beside.ts') {
  return require('./beside.ts')
}
