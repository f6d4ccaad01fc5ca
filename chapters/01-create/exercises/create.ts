/**
 * # Exercise 1: tell the daemon what to run
 *
 * In: what you asked for on the command line (`Asked`): a container, a
 * command, `-i`, `-t`, `-d`. Also the kit: `kit.engine` sends requests to the
 * daemon, and `kit.terminal` is your own terminal.
 *
 * Out: the same, plus the `execId` from the daemon's answer (`Created`). When
 * the stage returns, the command isn't running yet, and there is nothing to
 * clean up.
 *
 * You are done when:
 *
 * - a missing container is reported before any other problem;
 * - `-it` without a terminal is refused before the daemon has created an
 *   exec;
 * - every refusal from the daemon becomes a `Failure` with the daemon's
 *   message.
 *
 * @module
 */

import type { Stage } from '../../../src/course/stage.ts'
import { containerPath, readAnswer } from '../../../src/engine/answer.ts'
import { notWritten } from '../../../src/judging/not-written.ts'
import { Failure } from '../../../src/process/failure.ts'
import {
  type Asked,
  type Created,
  checkContainer,
  checkTtyInput,
  execConfig,
  create as reference,
} from '../stage.ts'

/** Chapter 1, yours. */
export const create: Stage<Asked, Created> = {
  ...reference,

  async run(asked, kit) {
    // YOUR CODE
    // Make both checks, in the right order. With -d you type nothing, so you
    // need no terminal. Then send POST /containers/{id}/exec with
    // kit.engine.request('POST', path, body). execConfig(asked, kit) makes
    // the body. The answer is JSON and contains the ID: {"Id":"fc9c…"}.
    const available = [
      checkContainer,
      checkTtyInput,
      execConfig,
      containerPath,
      readAnswer,
      Failure,
    ]
    throw notWritten('1 create', asked, kit, available)
  },
}
