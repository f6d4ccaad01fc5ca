/**
 * # Exercise 1, small: the body of the request
 *
 * In: what you asked for, and the kit. `engine.config.detachKeys` has the
 * detach keys from the user's configuration.
 *
 * Out: the object that becomes the JSON body of POST /containers/{id}/exec.
 * Its fields are User, Privileged, Tty, AttachStdin, AttachStderr,
 * AttachStdout, Detach, DetachKeys, Env, WorkingDir and Cmd, even if empty.
 * Add ConsoleSize if `consoleSize` returns it.
 *
 * You are done when every field says what you asked for, and a daemon
 * that gets this body runs the command in the directory and with the
 * variables that you asked for.
 *
 * @module
 */

import type { Kit } from '../../../src/course/kit.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import { type Asked, consoleSize } from '../stage.ts'

/** The body of the request, yours. */
export function execConfig(asked: Asked, { engine, terminal }: Kit): object {
  // YOUR CODE
  // Return one object. Decide what to attach with -d, and which detach keys
  // win. For an empty environment docker sends null, and so do we.
  throw notWritten('1 create-body', asked, engine, terminal, consoleSize)
}
