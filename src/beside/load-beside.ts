/**
 * Loads the modules that use the terminal emulator on demand, because the
 * emulator is slow to load.
 *
 * @module
 */

/** Returns the module of the side-by-side view. */
export function loadBeside(): typeof import('./beside.ts') {
  return require('./beside.ts')
}

/** Returns the module that draws a tape as an SVG. */
export function loadScreenSvg(): typeof import('./screen-svg.ts') {
  return require('./screen-svg.ts')
}
