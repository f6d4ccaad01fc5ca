/**
 * Starts the exec too: one request for one command, it believes.
 *
 * Verdict: that is chapter 2
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

export const create: Stage<Asked, Created> = {
  ...reference,

  async run(asked, kit) {
    await checkContainer(asked, kit)
    if (!asked.detach) checkTtyInput(asked, kit)
    const reply = await kit.engine.request(
      'POST',
      `${containerPath(asked.container)}/exec`,
      execConfig(asked, kit),
    )
    const { Id: execId } = readAnswer<{ Id: string }>(reply, kit.engine)
    await kit.engine.request('POST', `/exec/${execId}/start`, { Detach: true })
    return { ...asked, execId }
  },
}
