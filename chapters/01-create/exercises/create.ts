/**
 * # Exercise 1: write down what to run
 *
 * In: what the learner asked for (`Asked`): a container's name, a command, `-i`, `-t`, `-d`.
 *
 * Out: the same and one thing more, the `execId` that the daemon gives (`Created`). When the stage
 * returns, no process exists yet and nothing is held open.
 *
 * You are done when: a container that does not exist is reported before anything else; `-it`
 * without a terminal is refused, and the daemon has no note of it; whatever the daemon refuses is
 * a `Failure` in the daemon's own words.
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
    // The two checks, each in its place; with -d nothing is typed, and no terminal is needed. Then
    // kit.engine.request('POST', path, body) sends POST /containers/{id}/exec with the body that
    // execConfig(asked, kit) makes. The ID is in the answer, which is JSON: {"Id":"fc9c…"}.
    const atHand = [checkContainer, checkTtyInput, execConfig, containerPath, readAnswer, Failure]
    throw notWritten('1 create', asked, kit, atHand)
  },
}
