/**
 * Prints a state: the values a stage received, added and changed.
 *
 * @module
 */

import { inspect } from 'node:util'
import { hexText, shortIds } from '../text/hex.ts'
import { printableLine } from '../text/printable.ts'
import { hangingLines, padText, widthOf } from '../text/width.ts'
import { maskValue } from './mask.ts'

/** A state reduced to JSON values. */
export type PrintedState = Readonly<Record<string, unknown>>

/**
 * Converts every value of a state to JSON. A live resource becomes
 * `<wire: live>`, a promise and bytes become a description. Secrets are
 * masked.
 */
export function printState(state: object): PrintedState {
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => [name, maskValue(printValue(name, value), name)]),
  )
}

function printValue(name: string, value: unknown): unknown {
  if (value instanceof Promise) return `<${name}: later>`
  if (value instanceof Uint8Array) return printBytes(value)
  // A held value has its own toJSON. An unfinished stage may pass on values
  // that JSON cannot hold: undefined, a function, a socket.
  try {
    return JSON.parse(JSON.stringify(value, (_, inner: unknown) => withoutInsides(inner)))
  } catch {
    return `<${(value as object | undefined)?.constructor.name ?? value}>`
  }
}

/** Prints an object without a label by its class name: `<Socket>`. */
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

/** Returns the names of the values that a stage added. */
export function addedNames(before: PrintedState, after: PrintedState): string[] {
  return Object.keys(after).filter((name) => !Object.hasOwn(before, name))
}

/**
 * Returns the names of the values that a stage changed, such as a resource it
 * released.
 */
export function changedNames(before: PrintedState, after: PrintedState): string[] {
  return Object.keys(after).filter(
    (name) =>
      Object.hasOwn(before, name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  )
}

/** Returns a value as one line of text. */
export function valueText(value: unknown): string {
  const text =
    typeof value !== 'string'
      ? inspect(value, { breakLength: Number.POSITIVE_INFINITY, depth: 4 })
      : value.startsWith('<')
        ? value
        : JSON.stringify(value)
  return printableLine(text)
}

/** How to lay out values. */
export type ValueLayout = {
  /** The width of the name column. Several groups can share one. */
  readonly nameWidth?: number
  /** Whether to show IDs in full. */
  readonly fullIds?: boolean
}

/** Returns lines for some values of a state, each with a mark in front. */
export function valueLines(
  state: PrintedState,
  names: readonly string[],
  mark: string,
  width: number,
  { nameWidth = widestOf(names), fullIds = false }: ValueLayout = {},
): string[] {
  return names.flatMap((name) => {
    const text = valueText(state[name])
    const beginning = `${mark} ${padText(name, nameWidth)}  `
    return hangingLines(beginning, fullIds ? text : shortIds(text), width)
  })
}

/** Returns the width of the widest name. */
export function widestOf(names: readonly string[]): number {
  return Math.max(...names.map(widthOf), 0)
}
