/**
 * What stands beside each declaration of a chapter's file on the site: what
 * it put on the wire, and the same place in Docker's client.
 *
 * @module
 */

import type { PartName } from '../tape/parts.ts'
import type { GoSource } from './lesson.ts'

/** What stands beside one declaration. */
export type RowNotes = {
  /** The parts of a run that its code causes. */
  readonly scenes?: readonly PartName[]
  /** The values of the state that its code sets. */
  readonly state?: readonly string[]
  /**
   * The places in Docker's client that do the same. The first of 2015 and the
   * first of today are the main ones.
   */
  readonly docker?: readonly GoSource[]
  /** Why Docker's client has no such place. */
  readonly noDocker?: string
}

/** The notes by the name of the declaration: `create`, `execConfig`. */
export type Rows = Readonly<Record<string, RowNotes>>

/** Returns the main places: the first of 2015 and the first of today. */
export function mainPlaces({ docker = [] }: RowNotes): GoSource[] {
  return docker.filter(({ when }, at) => docker.findIndex((one) => one.when === when) === at)
}
