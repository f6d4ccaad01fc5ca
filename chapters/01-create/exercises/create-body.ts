/**
 * # Exercise 1, small: the body of the request
 *
 * In: what was asked, and the kit (`engine.config.detachKeys` has the keys of the user's own
 * configuration).
 *
 * Out: the object that becomes the JSON of POST /containers/{id}/exec. Its fields are User,
 * Privileged, Tty, AttachStdin, AttachStderr, AttachStdout, Detach, DetachKeys, Env, WorkingDir and
 * Cmd, all of them also where they are empty, and ConsoleSize where `consoleSize` gives it.
 *
 * You are done when every field says what was asked for, and a real daemon that gets this body runs the
 * command in the folder and with the variables that it names.
 *
 * @module
 */

import type { Kit } from '../../../src/course/kit.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import { type Asked, consoleSize } from '../stage.ts'

/** The body of the request, yours. */
export function execConfig(asked: Asked, { engine, terminal }: Kit): object {
  // YOUR CODE
  // One object. Three questions on the way: what is attached with -d, which detach keys count,
  // and what the daemon expects for an environment without a variable (it is null).
  throw notWritten('1 create-body', asked, engine, terminal, consoleSize)
}
