/**
 * Wants a terminal also where nothing will be typed.
 *
 * Verdict: with -d nothing is typed
 */

import {
  type Asked,
  type Created,
  checkContainer,
  checkTtyInput,
  execConfig,
  create as reference,
} from '../../../../chapters/01-create/stage.ts'
import type { Stage } from '../../../../src/course/stage.ts'
import { containerPath, readAnswer } from '../../../../src/engine/answer.ts'
import { Failure } from '../../../../src/process/failure.ts'

export const create: Stage<Asked, Created> = {
  ...reference,

  async run(asked, kit) {
    await checkContainer(asked, kit)
    checkTtyInput(asked, kit)
    const reply = await kit.engine.request(
      'POST',
      `${containerPath(asked.container)}/exec`,
      execConfig(asked, kit),
    )
    const { Id: execId } = readAnswer<{ Id?: string }>(reply, kit.engine)
    if (!execId) throw new Failure('exec ID empty')
    return { ...asked, execId }
  },
}
