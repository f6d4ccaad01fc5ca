/**
 * Loads what needs a terminal in memory, which is slow to load, only when it is asked for.
 *
 * @module
 */

/** Loads the session beside its wire. */
export function loadBeside(): typeof import('./beside.ts') {
  return require('./beside.ts')
}

/** Loads the picture of a tape. */
export function loadScreenSvg(): typeof import('./screen-svg.ts') {
  return require('./screen-svg.ts')
}
