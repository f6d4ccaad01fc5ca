/**
 * Looks at the terminal when the exec is written down, as the client of 2015 did.
 *
 * Verdict: before you looked at the terminal
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
    const reply = await kit.engine.request(
      'POST',
      `${containerPath(asked.container)}/exec`,
      execConfig(asked, kit),
    )
    const { Id: execId } = readAnswer<{ Id?: string }>(reply, kit.engine)
    if (!execId) throw new Failure('exec ID empty')
    if (!asked.detach) checkTtyInput(asked, kit)
    return { ...asked, execId }
  },
}
