/**
 * Walks through the seven chapters with the names and the window size of the
 * pages.
 *
 * @module
 */

import type { Asked } from '../../chapters/01-create/stage.ts'
import { dockerExec } from '../../chapters/index.ts'
import { walk } from '../../src/course/walk.ts'
import { bytesIn, type TapeEvent } from '../../src/tape/event.ts'
import { addedNames, type PrintedState, printState } from '../../src/tape/state.ts'
import type { Target } from '../conformance/raw.ts'
import { asked, makeKit } from '../support/kit.ts'
import { shownExecId } from './normalise.ts'

/** What a stage did. */
export type Walked = {
  readonly before: PrintedState
  readonly after: PrintedState
  readonly added: readonly string[]
  readonly wire: readonly TapeEvent[]
}

/** The window of the article. */
const size = { rows: 69, columns: 236 }

/**
 * As in the lessons: a shell with a prompt, which is left at once, and the
 * API of an older daemon.
 */
export const shell: Partial<Asked> = {
  command: ['sh'],
  tty: true,
  interactive: true,
  // Every shell has its own default prompt.
  env: ['PS1=# '],
}

/** Walks with a person who types, and gives what each of the stages did. */
export async function walkThrough(
  { host, container }: Target,
  question: Partial<Asked> = shell,
  input = 'exit\n',
): Promise<Walked[]> {
  const environment = { DOCKER_API_VERSION: '1.41' }
  const kit = await makeKit(host, { isTerminal: true, size, open: true }, environment)
  let taken = kit.recorder.events().length
  const befores: PrintedState[] = []
  const steps: Walked[] = []
  const before = (_: unknown, state: object): void => {
    befores.push(printState(state))
    // The session stays open until the last stage begins, however slow the
    // machine is.
    if (befores.length === dockerExec.stages.length) kit.user.type(input)
  }
  let execId = ''
  const first = asked({ ...question, container })
  for await (const { state, number } of walk(dockerExec, first, kit, { before })) {
    execId = (state as { execId: string }).execId
    const [was, is] = [befores[number - 1] ?? {}, printState(state)]
    const wire = kit.recorder.events().slice(taken)
    taken += wire.length
    steps.push({ before: was, after: is, added: addedNames(was, is), wire })
  }
  return JSON.parse(
    JSON.stringify(steps)
      .replaceAll(execId, shownExecId)
      .replaceAll(`/containers/${container}/`, '/containers/box/')
      .replaceAll(`"container":"${container}"`, '"container":"box"'),
  ) as Walked[]
}

/** Bytes that came, frames and all, in one piece. */
export function received(steps: readonly Walked[]): Buffer {
  return bytesIn(
    steps.flatMap(({ wire }) => wire),
    'received',
  )
}
