/**
 * Shows a state: what a stage took, what it added, what it changed.
 *
 * @module
 */

import { inspect } from 'node:util'
import { hexText, shortIds } from '../text/hex.ts'
import { hangingLines, padText, widthOf } from '../text/width.ts'
import { maskValue } from './mask.ts'

/** A state as values that JSON can hold. */
export type PrintedState = Readonly<Record<string, unknown>>

/**
 * Prints every value of a state. Live things print themselves, as `<wire: live>`; a promise and
 * bytes are described; the rest is taken as it is, with secrets masked.
 */
export function printState(state: object): PrintedState {
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => [name, maskValue(printValue(name, value), name)]),
  )
}

function printValue(name: string, value: unknown): unknown {
  if (value instanceof Promise) return `<${name}: later>`
  if (value instanceof Uint8Array) return printBytes(value)
  // What a held value prints as, it decides itself when it becomes JSON. A stage that is still being
  // written may pass on what JSON cannot hold: nothing at all, a function, a socket.
  try {
    return JSON.parse(JSON.stringify(value, (_, inner: unknown) => withoutInsides(inner)))
  } catch {
    return `<${(value as object | undefined)?.constructor.name ?? value}>`
  }
}

/** A socket that is not held has no label: `<Socket>` stands for its hundred fields. */
function withoutInsides(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { constructor: kind } = value
  return kind === undefined || kind === Object || Array.isArray(value) ? value : `<${kind.name}>`
}

/** `<2 bytes: 23 20>` */
function printBytes(bytes: Uint8Array): string {
  const hex = hexText(bytes.subarray(0, 16))
  const more = bytes.length > 16 ? ' …' : ''
  return bytes.length === 0 ? '<0 bytes>' : `<${bytes.length} bytes: ${hex}${more}>`
}

/** The names of the values that a stage added. */
export function addedNames(before: PrintedState, after: PrintedState): string[] {
  return Object.keys(after).filter((name) => !Object.hasOwn(before, name))
}

/** The names of the values that a stage changed: a thing that was live and has been given back. */
export function changedNames(before: PrintedState, after: PrintedState): string[] {
  return Object.keys(after).filter(
    (name) =>
      Object.hasOwn(before, name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )
}

/** One value as a line of text. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value.startsWith('<') ? value : JSON.stringify(value)
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 4 })
}

/** How values are shown. */
export type ValueLayout = {
  /** How much room the names have, so that groups of them stand below each other. */
  readonly wide?: number
  /** Shows IDs to their end. */
  readonly isWhole?: boolean
}

/** Values of a state, a mark before each. */
export function valueLines(
  state: PrintedState,
  names: readonly string[],
  mark: string,
  width: number,
  { wide = widestOf(names), isWhole = false }: ValueLayout = {},
): string[] {
  return names.flatMap((name) => {
    const text = valueText(state[name])
    const beginning = `${mark} ${padText(name, wide)}  `
    return hangingLines(beginning, isWhole ? text : shortIds(text), width)
  })
}

/** The width of the widest name. */
export function widestOf(names: readonly string[]): number {
  return Math.max(...names.map(widthOf), 0)
}
