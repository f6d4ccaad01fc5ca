/**
 * The experiments of chapter 1: creates that a daemon refuses, and some that
 * it should refuse but doesn't.
 *
 * @module
 */

import { checkAnswer, containerPath, readAnswer } from '../../src/engine/answer.ts'
import {
  type AnswerSummary,
  awaitExec,
  createExec,
  createResult,
  inspectExec,
  outputOnly,
  runExec,
  send,
  startExec,
  summarizeAnswer,
  withEngine,
} from '../../src/exec/exec.ts'
import { answerLines, choiceFor, textLines } from '../../src/experiments/evidence.ts'
import type { AnyExperiment, Experiment, ExperimentLab } from '../../src/experiments/experiment.ts'
import { createSandbox } from '../../src/find/sandbox.ts'

/**
 * The parts that differ between experiments whose answer is the status of a
 * create.
 */
type CreateExperiment = Pick<
  Experiment<AnswerSummary>,
  'name' | 'title' | 'action' | 'question' | 'why' | 'report' | 'docker'
> & {
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
  /** The request, as lines to show. */
  readonly sent: readonly string[]
  /** Each choice with the status it belongs to. */
  readonly answers: readonly (readonly [status: number, choice: string])[]
}

/** Makes an experiment that sends a create and reads its status. */
function tryCreate({
  body,
  headers,
  sent,
  answers,
  ...words
}: CreateExperiment): Experiment<AnswerSummary> {
  return {
    ...words,
    chapter: 1,
    choices: answers.map(([, choice]) => choice),
    where: 'any daemon',
    run: (lab) => createResult(lab, body, headers),
    answer: ({ status }) => choiceFor(status, Object.fromEntries(answers)),
    evidence: (verdict) => [...sent, ...answerLines(verdict)],
  }
}

const kept = {
  nothing: 'nothing: the daemon records an exec only when it is started',
  note: 'a note without an exit code, in the container’s list of execs',
  success: 'a note with exit code 0, in the container’s list of execs',
  process: 'a process that waits to be started',
} as const

/** What the daemon keeps of an exec that is never started. */
export const neverStarted: Experiment<{
  readonly running: boolean
  readonly exitCode: number | null
  readonly pid: number
  readonly listed: boolean
}> = {
  name: 'never-started',
  chapter: 1,
  title: 'An exec that is never started',
  action:
    'You create an exec with POST /containers/…/exec, get its ID, and disconnect. Then you ask the daemon about the exec and about the container.',
  question: 'What does the daemon keep if you never start the exec?',
  choices: Object.values(kept),
  where: 'any daemon',
  async run(lab) {
    const id = await createExec(lab, { ...outputOnly, Cmd: ['sleep', '60'] })
    const { Running, ExitCode, Pid } = await inspectExec(lab, id)
    const { ExecIDs } = await inspectContainer(lab)
    return {
      running: Running,
      exitCode: ExitCode,
      pid: Pid,
      listed: ExecIDs?.includes(id) ?? false,
    }
  },
  answer({ exitCode, pid, listed }) {
    if (pid !== 0) return kept.process
    if (!listed) return kept.nothing
    return exitCode === null ? kept.note : kept.success
  },
  evidence: ({ running, exitCode, pid, listed }) => [
    '→ GET /exec/…/json',
    `← 200 "Running":${running}, "ExitCode":${exitCode}, "Pid":${pid}`,
    '→ GET /containers/…/json',
    `← 200 "ExecIDs" ${listed ? 'contains the ID' : 'does not contain the ID'}`,
  ],
  why: ({ exitCode }) =>
    `A create makes a note, not a process. The daemon can’t know that you won’t come back, and the API has no request that deletes the note. dockerd keeps it until the container stops.${
      exitCode === 0
        ? ' This daemon reports exit code 0 for a command that has never run: ask too early and you take it for a success.'
        : ''
    }`,
  report: {
    what: 'In 2017, docker exec -it without a terminal, for example in a cron job: the 17.04 client created the exec before it noticed that it had no terminal, so every run added an ID to the list.',
    url: 'https://github.com/moby/moby/issues/33084',
  },
  docker:
    'It checks the container and the terminal before it creates anything: RunExec in cli/command/container/exec.go.',
}

type ContainerState = {
  readonly ExecIDs: readonly string[] | null
  readonly Config: { readonly Image: string }
}

function inspectContainer(lab: ExperimentLab): Promise<ContainerState> {
  return withEngine(lab, async (engine) =>
    readAnswer<ContainerState>(
      await engine.request('GET', `${containerPath(lab.container)}/json`),
      engine,
    ),
  )
}

const whilePaused = {
  waits: '201: the command waits until the container is unpaused',
  conflict: '409: refused at once, with a message',
  broken: '500: refused at once, with a message',
  silence: 'no answer until the container is unpaused',
} as const

/** A create in a paused container. */
export const paused: Experiment<AnswerSummary & { readonly reallyPaused: boolean }> = {
  name: 'paused',
  chapter: 1,
  title: 'A paused container',
  action:
    'You pause a container, which stops the kernel from scheduling its processes, and create an exec in it. The practice daemon can’t pause anything, so a second one stands in for dockerd and gives its answer.',
  question: 'What happens to the create?',
  choices: Object.values(whilePaused),
  where: 'any daemon',
  async run(lab) {
    if (lab.product === 'practice daemon') {
      const refusing = await lab.startPracticeDaemon('create-409')
      return { ...(await createResult(refusing, { Cmd: ['true'] })), reallyPaused: false }
    }
    // A separate container: the lab's own may be in use.
    const image = (await inspectContainer(lab)).Config.Image
    const engine = await lab.connect()
    lab.scope.hold('engine', engine, engine.close)
    const choice = { image, mayPull: async () => false, progress: lab.progress }
    const { value: box } = await createSandbox(engine, choice, lab.scope)
    const change = async (verb: string): Promise<void> =>
      checkAnswer(await engine.request('POST', `${containerPath(box.name)}/${verb}`), engine)
    await change('pause')
    const verdict = await createResult({ ...lab, container: box.name }, { Cmd: ['true'] })
    await change('unpause')
    return { ...verdict, reallyPaused: true }
  },
  answer: ({ status }) =>
    choiceFor(status, {
      0: whilePaused.silence,
      201: whilePaused.waits,
      409: whilePaused.conflict,
      500: whilePaused.broken,
    }),
  evidence: (facts) => [
    ...(facts.reallyPaused ? ['→ POST /containers/…/pause'] : []),
    '→ POST /containers/…/exec {"Cmd":["true"]}',
    ...answerLines(facts),
  ],
  why: () =>
    'The daemon could put a process into the container, but it would freeze before its first instruction, and the client would wait for output that doesn’t come. A refused create tells the client why at once, with a status and a message.',
  report: {
    what: 'The manual said that docker exec waits until a paused container is unpaused. In fact it returned this error.',
    url: 'https://github.com/moby/moby/issues/9672',
  },
  docker:
    'It prints the daemon’s message and exits 1. The daemon makes the decision: ContainerExecCreate in moby’s daemon/exec.go.',
}

/** A create without a command. */
export const noCommand = tryCreate({
  name: 'no-command',
  title: 'A create without a command',
  action:
    'You send a create whose body says which streams to attach and nothing else. It has no Cmd.',
  question: 'What does the daemon answer?',
  body: outputOnly,
  sent: ['→ POST /containers/…/exec {"AttachStdout":true,"AttachStderr":true}'],
  answers: [
    [201, '201: an exec without a command'],
    [400, '400: the client made a mistake'],
    [500, '500: the daemon made a mistake'],
  ],
  why: ({ status }) =>
    `A daemon can reject this create from the request alone, without looking at the container. ${
      status === 500
        ? 'A 500 blames the daemon for a field missing from the request, and a client that retries on 500 retries forever.'
        : 'The status is in the 400s because a retry with the same body is pointless.'
    }`,
  report: {
    what: 'In 2014 the daemon reported success for a create without any body.',
    url: 'https://github.com/moby/moby/pull/9435',
  },
  docker: 'It never gets that far: docker exec requires at least 2 arguments.',
})

const oneWord = {
  split: 'echo, with the argument hi',
  shell: 'a shell, which runs echo hi',
  nothing: 'nothing: no program has that name',
  refused: 'nothing: the daemon refuses the create',
} as const

/** A whole command line as a single word. */
export const commandInOneWord: Experiment<{
  readonly output: string
  readonly exitCode: number | null
}> = {
  name: 'one-word',
  chapter: 1,
  title: 'A command line in one word',
  action:
    'You create an exec with "Cmd":["echo hi"], a single word that contains a space, and start it.',
  question: 'What runs?',
  choices: Object.values(oneWord),
  where: 'any daemon',
  async run(lab) {
    const { id, body } = await runExec(lab, { Cmd: ['echo hi'] })
    const { ExitCode } = await awaitExec(lab, id)
    return { output: body.toString('latin1'), exitCode: ExitCode }
  },
  answer({ output, exitCode }) {
    if (exitCode !== 0) return oneWord.nothing
    return output.includes('hi') ? oneWord.split : undefined
  },
  evidence: ({ output, exitCode }) => [
    '→ POST /containers/…/exec {…,"Cmd":["echo hi"]}',
    '← an ID',
    '→ POST /exec/…/start',
    // Without the frame's header, which is binary.
    ...textLines(output),
    `exit code ${exitCode}`,
  ],
  why: () =>
    'Cmd goes to execve: the first word is the name of a file, the others are its arguments. Nothing splits words, expands * or sets up pipes. Those are jobs for a shell, and you get a shell only if you name one: ["sh","-c","echo hi"].',
  report: {
    what: '"Cmd":["ls /var/www/html"] returned an ID, but the start listed no files.',
    url: 'https://github.com/moby/moby/issues/10137',
  },
  docker:
    'It passes on the words as your shell split them. docker exec box "echo hi" fails the same way.',
}

const unknown = {
  create: 'in the answer to the create, with 400',
  start: 'in the answer to the start, with an error status',
  stream: 'in the stream: 101, then a message in place of the output',
  root: 'nowhere: the command runs as root',
} as const

/** A user who isn't in the container's `/etc/passwd`. */
export const unknownUser: Experiment<{
  readonly create: AnswerSummary
  readonly start: AnswerSummary | undefined
  readonly output: string
}> = {
  name: 'unknown-user',
  chapter: 1,
  title: 'An unknown user',
  action: 'You create an exec with "User":"nosuchuser". If you get an ID, you start it.',
  question: 'Where does the error appear?',
  choices: Object.values(unknown),
  where: 'any daemon',
  async run(lab) {
    const body = { ...outputOnly, User: 'nosuchuser', Cmd: ['id'] }
    const create = await createResult(lab, body)
    if (create.status !== 201) return { create, start: undefined, output: '' }
    const started = await startExec(lab, await createExec(lab, body))
    return { create, start: summarizeAnswer(started), output: started.body.toString('latin1') }
  },
  answer({ create, start, output }) {
    if (!start) return create.status === 400 ? unknown.create : undefined
    if (start.status >= 400) return unknown.start
    return output.includes('uid=0') ? unknown.root : unknown.stream
  },
  evidence: ({ create, start, output }) => [
    '→ POST /containers/…/exec {…,"User":"nosuchuser","Cmd":["id"]}',
    ...answerLines(create),
    ...(start ? ['→ POST /exec/…/start', ...answerLines(start)] : []),
    ...(start?.status === 101 ? textLines(output) : []),
  ],
  why: ({ start }) =>
    `The daemon has to look the name up in the container’s own /etc/passwd. ${
      start
        ? 'This daemon does so when it starts the process, and by then it has already answered 201. '
        : 'This daemon does so when it records the exec, while it can still put the error into an answer. '
    }A numeric ID needs no lookup and works in every image.`,
  report: {
    what: 'Images without an entry for the requested user. The error message names the file that lacks it.',
    url: 'https://github.com/containers/podman/issues/6953',
  },
  docker:
    'It passes the name on unchanged and shows the result. The lookup has moved: dockerd 20.10 does it at the start, 28 in ContainerExecCreate.',
}

/** Detach keys that don't exist. */
export const impossibleKeys = tryCreate({
  name: 'impossible-keys',
  title: 'Detach keys that don’t exist',
  action: 'You create an exec with "DetachKeys":"ctrl-!!".',
  question: 'What does the daemon answer?',
  body: { ...outputOnly, DetachKeys: 'ctrl-!!', Cmd: ['true'] },
  sent: ['→ POST /containers/…/exec {…,"DetachKeys":"ctrl-!!","Cmd":["true"]}'],
  answers: [
    [201, '201: it checks the keys when you type'],
    [400, '400: the client made a mistake'],
    [500, '500: the daemon made a mistake'],
  ],
  why: ({ status }) =>
    status === 201
      ? 'This daemon doesn’t check the keys here. You find out later, in a session that you can’t detach from.'
      : 'The daemon translates the keys into bytes when it records the exec: ctrl-a is 01, ctrl-p is 10. There is no byte for ctrl with an exclamation mark. The message says so, but a 500 is the wrong status for a mistake of the client.',
  report: {
    what: 'The pull request that made the keys configurable discussed how to treat invalid ones: warn and use the default keys, or return an error.',
    url: 'https://github.com/moby/moby/pull/15666',
  },
  docker:
    'It sends the keys to the daemon for this check, but looks for them in your input itself: ContainerExecCreate in moby’s daemon/exec.go, and term.ToBytes.',
})

const shortened = {
  found: '200: a prefix is enough, as for a container',
  missing: '404: it needs all 64 digits',
} as const

/** A prefix of an exec ID. */
export const shortId: Experiment<{
  readonly container: number
  readonly exec: AnswerSummary
}> = {
  name: 'short-id',
  chapter: 1,
  title: 'The first 12 digits of an exec ID',
  action:
    'docker ps shows 12 digits of a container’s ID, and every request accepts them. You ask for an exec by the first 12 digits of its ID.',
  question: 'What does the daemon answer?',
  choices: Object.values(shortened),
  where: 'any daemon',
  async run(lab) {
    const id = await createExec(lab, { ...outputOnly, Cmd: ['true'] })
    const exec = summarizeAnswer(await send(lab, 'GET', `/exec/${id.slice(0, 12)}/json`))
    const container = await withEngine(lab, async (engine) => {
      const path = (name: string): string => `${containerPath(name)}/json`
      const whole = await engine.request('GET', path(lab.container))
      const { Id } = readAnswer<{ Id?: unknown }>(whole, engine)
      return (await engine.request('GET', path(String(Id).slice(0, 12)))).status
    })
    return { container, exec }
  },
  answer: ({ exec }) => (exec.status === 404 ? shortened.missing : shortened.found),
  evidence: ({ container, exec }) => [
    '→ GET /containers/… (12 digits)/json',
    `← ${container}`,
    '→ GET /exec/… (12 digits)/json',
    ...answerLines(exec),
  ],
  why: () =>
    'People type container IDs, so daemons accept a prefix. You never type an exec ID: a program copies it from one answer into the path of the next request. It isn’t a secret either: any client that reaches the socket finds it in the container’s list.',
  report: {
    what: 'The exec list was added to a container’s inspect so that a scheduler can find the container of an exec from the exec’s ID.',
    url: 'https://github.com/moby/moby/pull/9800',
  },
  docker: 'It never shows the ID and never shortens it.',
}

/** A JSON body labelled as text. */
export const textPlain = tryCreate({
  name: 'text-plain',
  title: 'JSON labelled as text',
  action:
    'You send a create with a valid body but the header Content-Type: text/plain. The client of 2015 sent its start like that.',
  question: 'What does the daemon answer?',
  body: { ...outputOnly, Cmd: ['true'] },
  headers: { 'Content-Type': 'text/plain' },
  sent: [
    '→ POST /containers/…/exec',
    '  Content-Type: text/plain',
    '  {"AttachStdout":true,"AttachStderr":true,"Cmd":["true"]}',
  ],
  answers: [
    [400, '400: it wants Content-Type: application/json'],
    [201, '201: it reads the body as JSON anyway'],
  ],
  why: ({ status }) =>
    status === 201
      ? 'This daemon reads the body without looking at the header. A client that was tested only here may fail on the next daemon.'
      : 'A web page may send text/plain to any address without a preflight request, but not application/json. So the check stops a page that you visit from running commands through a daemon that listens on a port of your machine.',
  report: {
    what: 'A start with the wrong content type got a 500 without a message until it received the same check as the create.',
    url: 'https://github.com/moby/moby/pull/16399',
  },
  docker: 'It sends application/json with every request that has a body.',
})

const misspelt = {
  refused: 'the create: it rejects an unknown field',
  lost: 'nothing: the command runs, but its output is lost',
  shown: 'nothing: the command runs, and its output arrives',
  notRun: 'the start: with nothing attached, nothing runs',
} as const

/** A body with an unknown field. */
export const misspeltField: Experiment<{
  readonly create: number
  readonly output: string
  readonly exitCode: number | null
}> = {
  name: 'misspelt-field',
  chapter: 1,
  title: 'A misspelt field',
  action: 'You create an exec with "AttachOutput":true instead of AttachStdout, and start it.',
  question: 'What tells you about the mistake?',
  choices: Object.values(misspelt),
  where: 'any daemon',
  async run(lab) {
    const body = { AttachOutput: true, Cmd: ['echo', 'hi'] }
    const create = await createResult(lab, body)
    if (create.status !== 201) return { create: create.status, output: '', exitCode: null }
    const id = await createExec(lab, body)
    const { body: output } = await startExec(lab, id, { quiet: 2000 })
    const { ExitCode } = await awaitExec(lab, id)
    return { create: create.status, output: output.toString('latin1'), exitCode: ExitCode }
  },
  answer({ create, output, exitCode }) {
    if (create !== 201) return misspelt.refused
    if (exitCode !== 0) return misspelt.notRun
    return output.includes('hi') ? misspelt.shown : misspelt.lost
  },
  evidence: ({ create, output, exitCode }) => [
    '→ POST /containers/…/exec {"AttachOutput":true,"Cmd":["echo","hi"]}',
    `← ${create}`,
    '→ POST /exec/…/start',
    `← ${output.length} bytes after the answer, exit code ${exitCode}`,
  ],
  why: () =>
    'The daemon skips unknown fields, so a new client can talk to an old daemon. The price is that a misspelt name raises no error. (Case doesn’t matter to a daemon written in Go: attachstdout would have worked.)',
  report: {
    what: 'An exec without output: the body said Detact instead of Detach, and the daemon didn’t complain.',
    url: 'https://github.com/apocas/dockerode/issues/184',
  },
  docker:
    'It builds the body from a typed structure that contains every field, even the empty ones: ExecOptions in moby’s api/types/container.',
}

/** The experiments of the chapter. */
export const experiments: readonly AnyExperiment[] = [
  neverStarted,
  paused,
  noCommand,
  commandInOneWord,
  unknownUser,
  impossibleKeys,
  shortId,
  textPlain,
  misspeltField,
]
