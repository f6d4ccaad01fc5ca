/**
 * What the workbook says and does around a stage. `docker exec` needs none of it, so it stands
 * beside the stage and not in it.
 *
 * @module
 */

import type { Kit } from '../course/kit.ts'
import type { Task } from '../tasks/task.ts'

/** The companion of a stage. */
export type Companion<In, Out> = {
  /** The values of the incoming state that the stage reads. The others it only passes on. */
  readonly needs: readonly (keyof In & string)[]
  /** What happened, in a sentence or two, read off the state that came out. */
  readonly summarize: (state: Out) => string
  /**
   * For a stage that gives the terminal to the session: how to get out of it. It is printed before
   * the stage begins, and nothing else is printed until the terminal is restored. Undefined for a run
   * in which the stage leaves the terminal alone.
   */
  readonly wayOut?: (state: In, kit: Kit) => string | undefined
  /** What to try in the session, for a stage in which a walk lingers with one. */
  readonly tasks?: readonly Task[]
  /** True for a session that leaves the screen to us: nothing but our own lines is written on it. */
  readonly keepsScreen?: boolean
  /** What to wait for or to look at when a walk stops after this stage. */
  readonly onLastStage?: (state: Out, kit: Kit) => Promise<void>
  /**
   * Waits for the end of the session, also if the stage has returned before it.
   *
   * @returns what is told instead of {@link summarize}'s story where the command did not end the
   * session: the learner detached, or the connection broke
   */
  readonly sessionEnd?: (state: Out) => Promise<string | undefined>
  /** Ends what nobody stays for when a walk stops after this stage. The tape has it as giving back. */
  readonly endSession?: (state: Out) => Promise<void>
}

/** A companion whose states only its own chapter knows. */
// biome-ignore lint/suspicious/noExplicitAny: as in `AnyStage`, the states are forgotten on purpose.
export type AnyCompanion = Companion<any, any>
