/**
 * Looks at the terminal first of all.
 *
 * Verdict: you complained about the terminal
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
    if (!asked.detach) checkTtyInput(asked, kit)
    await checkContainer(asked, kit)
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
