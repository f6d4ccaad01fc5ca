/**
 * What stands beside each declaration of a chapter's file on the site: what
 * it put on the wire, and the same place in Docker's client.
 *
 * @module
 */

import type { SceneName } from '../tape/scenes.ts'
import type { GoSource } from './lesson.ts'

/** What stands beside one declaration. */
export type RowNotes = {
  /** The scenes of the run that its code causes. */
  readonly scenes?: readonly SceneName[]
  /** The places in Docker's client that do the same. */
  readonly docker?: readonly GoSource[]
}

/** The notes by the name of the declaration: `create`, `execConfig`. */
export type Rows = Readonly<Record<string, RowNotes>>
