/**
 * Takes the ID out of an answer whatever its status is.
 *
 * Verdict: the daemon answered 404 and you went on
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
import { containerPath } from '../../../../src/engine/answer.ts'

export const create: Stage<Asked, Created> = {
  ...reference,

  async run(asked, kit) {
    if (!asked.detach && asked.tty) await checkContainer(asked, kit)
    if (!asked.detach) checkTtyInput(asked, kit)
    const reply = await kit.engine.request(
      'POST',
      `${containerPath(asked.container)}/exec`,
      execConfig(asked, kit),
    )
    const { Id: execId } = JSON.parse(reply.body) as { Id: string }
    return { ...asked, execId }
  },
}
