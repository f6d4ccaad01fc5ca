/**
 * What the workbook says and does around a stage. `docker exec` needs none of
 * it, so it is kept out of the stage.
 *
 * @module
 */

import type { Kit } from '../course/kit.ts'
import type { Task } from '../tasks/task.ts'

/** The companion of a stage. */
export type Companion<In, Out> = {
  /**
   * The values of the input state that the stage reads. It passes the others
   * on.
   */
  readonly needs: readonly (keyof In & string)[]
  /** Says what happened, in a sentence or two, based on the output state. */
  readonly summarize: (state: Out) => string
  /**
   * For a stage that hands the terminal to the session: says how to get out
   * of it. The text is printed before the stage begins, and nothing else
   * until the terminal is restored. Undefined for a run in which the stage
   * does not use the terminal.
   */
  readonly wayOut?: (state: In, kit: Kit) => string | undefined
  /**
   * The tasks for the session, if a walk stops after this stage and stays in
   * its session.
   */
  readonly tasks?: readonly Task[]
  /** Whether only our own lines appear on the screen during the session. */
  readonly keepsScreen?: boolean
  /** What to wait for or to look at if a walk stops after this stage. */
  readonly onLastStage?: (state: Out, kit: Kit) => Promise<void>
  /**
   * Waits for the end of the session, even if the stage has already returned.
   *
   * @returns the text that replaces {@link summarize}'s if the command did
   * not end the session, because the learner detached or the connection broke
   */
  readonly sessionEnd?: (state: Out) => Promise<string | undefined>
  /**
   * Ends the command if a walk stops after this stage. The tape records this
   * as teardown.
   */
  readonly endSession?: (state: Out) => Promise<void>
}

/**
 * A companion without the types of its states, which only its chapter knows.
 */
// biome-ignore lint/suspicious/noExplicitAny: as in `AnyStage`, the state types are erased on purpose.
export type AnyCompanion = Companion<any, any>
