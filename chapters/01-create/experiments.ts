/**
 * What can be broken in chapter 1: requests that a daemon refuses, and some that it had better.
 *
 * @module
 */

import { containerPath, readAnswer } from '../../src/engine/answer.ts'
import {
  awaitExec,
  createExec,
  createResult,
  inspectExec,
  outputOnly,
  runExec,
  send,
  startExec,
  type Verdict,
  verdictOf,
  withEngine,
} from '../../src/exec/exec.ts'
import { choiceFor, textLines, verdictLines } from '../../src/experiments/evidence.ts'
import type { AnyExperiment, Experiment, ExperimentLab } from '../../src/experiments/experiment.ts'
import { createSandbox } from '../../src/find/sandbox.ts'

/** What differs between experiments in which a create is sent and its status is the answer. */
type CreateExperiment = Pick<
  Experiment<Verdict>,
  'name' | 'title' | 'action' | 'question' | 'why' | 'report' | 'docker'
> & {
  readonly body: object
  readonly headers?: Readonly<Record<string, string>>
  /** The request as it is shown. */
  readonly sent: readonly string[]
  /** The choices, each with the status that it stands for. */
  readonly answers: readonly (readonly [status: number, choice: string])[]
}

/** An experiment that sends a create and looks at the status. */
function tryCreate({
  body,
  headers,
  sent,
  answers,
  ...words
}: CreateExperiment): Experiment<Verdict> {
  return {
    ...words,
    chapter: 1,
    choices: answers.map(([, choice]) => choice),
    where: 'any daemon',
    run: (lab) => createResult(lab, body, headers),
    answer: ({ status }) => choiceFor(status, Object.fromEntries(answers)),
    evidence: (verdict) => [...sent, ...verdictLines(verdict)],
  }
}

const kept = {
  nothing: 'nothing: it is written down when it starts',
  note: 'a note without an exit code, in the container’s list of execs',
  success: 'a note with exit code 0, in the container’s list of execs',
  process: 'a process that waits for its start',
} as const

/** What is left of an exec that nobody starts. */
export const neverStarted: Experiment<{
  readonly exitCode: number | null
  readonly pid: number
  readonly listed: boolean
}> = {
  name: 'never-started',
  chapter: 1,
  title: 'An exec that is never started',
  action:
    'You create an exec with POST /containers/…/exec, get its ID, and go away. Then somebody asks the daemon for the exec, and for the container.',
  question: 'What does the daemon keep of an exec that nobody starts?',
  choices: Object.values(kept),
  where: 'any daemon',
  async run(lab) {
    const id = await createExec(lab, { ...outputOnly, Cmd: ['sleep', '60'] })
    const { ExitCode, Pid } = await inspectExec(lab, id)
    const { ExecIDs } = await inspectContainer(lab)
    return { exitCode: ExitCode, pid: Pid, listed: ExecIDs?.includes(id) ?? false }
  },
  answer({ exitCode, pid, listed }) {
    if (pid !== 0) return kept.process
    if (!listed) return kept.nothing
    return exitCode === null ? kept.note : kept.success
  },
  evidence: ({ exitCode, pid, listed }) => [
    '→ GET /exec/…/json',
    `← 200 "Running":false, "ExitCode":${exitCode}, "Pid":${pid}`,
    '→ GET /containers/…/json',
    `← 200 "ExecIDs" ${listed ? 'has it' : 'does not have it'}`,
  ],
  why: ({ exitCode }) =>
    `A create makes a note and no process. The daemon cannot know that nobody will come back, and the API has no request that takes the note away: it goes with its container.${
      exitCode === 0
        ? ' This daemon says exit code 0 of a command that has never run: whoever asks too early believes in a success.'
        : ''
    }`,
  report: {
    what: 'docker exec -it in a cron job: the client of that time created the exec first, found out afterwards that there was no terminal, and left one more ID in the list with each run.',
    url: 'https://github.com/moby/moby/issues/33084',
  },
  docker:
    'It looks at the container and at the terminal before it creates anything: RunExec in cli/command/container/exec.go.',
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
  waits: '201: the command waits until the container goes on',
  conflict: '409: refused at once, with a sentence',
  broken: '500: refused at once, with a sentence',
  silence: 'no answer until the container goes on',
} as const

/** A create for a container that is paused. */
export const paused: Experiment<Verdict & { readonly reallyPaused: boolean }> = {
  name: 'paused',
  chapter: 1,
  title: 'A container that is paused',
  action:
    'You pause a container, so that its processes get no time any more, and create an exec in it. A practice daemon cannot pause anything: there, one with the fault create-409 answers as if it had.',
  question: 'What becomes of the create?',
  choices: Object.values(whilePaused),
  where: 'any daemon',
  async run(lab) {
    if (lab.product === 'practice daemon') {
      const refusing = await lab.startPracticeDaemon('create-409')
      return { ...(await createResult(refusing, { Cmd: ['true'] })), reallyPaused: false }
    }
    // A container of its own: somebody may be at work in the one of the lab.
    const image = (await inspectContainer(lab)).Config.Image
    const engine = await lab.connect()
    lab.scope.hold('engine', engine, engine.close)
    const choice = { image, mayPull: async () => false, progress: lab.progress }
    const { value: box } = await createSandbox(engine, choice, lab.scope)
    const change = async (verb: string): Promise<void> =>
      readAnswer(await engine.request('POST', `${containerPath(box.name)}/${verb}`), engine)
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
    ...verdictLines(facts),
  ],
  why: () =>
    'A process could be put into the container, but it would stand still before its first instruction, and a client would wait for it at the other end of a pipe. A pipe has no room for a status and a sentence. A create has.',
  report: {
    what: 'The manual said that docker exec waits until a paused container goes on. It gave this error instead.',
    url: 'https://github.com/moby/moby/issues/9672',
  },
  docker:
    'It shows the daemon’s sentence and ends with 1. The daemon decides: ContainerExecCreate in moby’s daemon/exec.go.',
}

/** A create that names no command. */
export const noCommand = tryCreate({
  name: 'no-command',
  title: 'A create without a command',
  action: 'You send a create whose body says which streams to attach, and nothing else: no Cmd.',
  question: 'What does the daemon answer?',
  body: outputOnly,
  sent: ['→ POST /containers/…/exec {"AttachStdout":true,"AttachStderr":true}'],
  answers: [
    [201, '201: an exec without a command'],
    [400, '400: it is the client’s mistake'],
    [500, '500: it is the daemon’s mistake'],
  ],
  why: ({ status }) =>
    `What can be told from the request alone is refused with it. ${
      status === 500
        ? 'A status of 500 blames the daemon for what is missing in the request, and a client that tries again on 500 tries for ever.'
        : 'The status is in the 400s because trying again with the same body is of no use.'
    }`,
  report: {
    what: 'In 2014 the daemon answered a create without any body with a success.',
    url: 'https://github.com/moby/moby/pull/9435',
  },
  docker: 'Its command line refuses first: docker exec requires at least 2 arguments.',
})

const oneWord = {
  split: 'echo, with the argument hi',
  shell: 'a shell, which runs echo hi',
  nothing: 'nothing: there is no program of that name',
  refused: 'nothing: the create is refused',
} as const

/** A whole command line in one word. */
export const commandInOneWord: Experiment<{
  readonly output: string
  readonly exitCode: number | null
}> = {
  name: 'one-word',
  chapter: 1,
  title: 'A command line in one word',
  action: 'You create an exec with "Cmd":["echo hi"], one word with a space in it, and start it.',
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
    // The header of the frame is no text.
    ...textLines(output),
    `exit code ${exitCode}`,
  ],
  why: () =>
    'Cmd is what execve gets: the first word is the name of a file, the others are its arguments. Nobody divides words, expands * or knows a pipe. That is a shell’s work, and a shell runs if it is named: ["sh","-c","echo hi"].',
  report: {
    what: 'The first question that people have about this API: "Cmd":["ls /var/www/html"] gave an ID and no list.',
    url: 'https://github.com/moby/moby/issues/10137',
  },
  docker:
    'It passes on the words that your shell has divided. docker exec box "echo hi" fails in the same way.',
}

const unknown = {
  create: 'the create, with 400',
  start: 'the start, with a status of its own',
  stream: 'nobody: 101, and a sentence where the output would be',
  root: 'nobody: it runs as root',
} as const

/** A user who is not in the container's list of users. */
export const unknownUser: Experiment<{
  readonly create: Verdict
  readonly start: Verdict | undefined
  readonly output: string
}> = {
  name: 'unknown-user',
  chapter: 1,
  title: 'A user that nobody knows',
  action: 'You create an exec with "User":"nosuchuser" and, if there is an ID, start it.',
  question: 'Who says no?',
  choices: Object.values(unknown),
  where: 'any daemon',
  async run(lab) {
    const body = { ...outputOnly, User: 'nosuchuser', Cmd: ['id'] }
    const create = await createResult(lab, body)
    if (create.status !== 201) return { create, start: undefined, output: '' }
    const started = await startExec(lab, await createExec(lab, body))
    return { create, start: verdictOf(started), output: started.body.toString('latin1') }
  },
  answer({ create, start, output }) {
    if (!start) return create.status === 400 ? unknown.create : undefined
    if (start.status >= 400) return unknown.start
    return output.includes('uid=0') ? unknown.root : unknown.stream
  },
  evidence: ({ create, start, output }) => [
    '→ POST /containers/…/exec {…,"User":"nosuchuser","Cmd":["id"]}',
    ...verdictLines(create),
    ...(start ? ['→ POST /exec/…/start', ...verdictLines(start)] : []),
    ...(start?.status === 101 ? textLines(output) : []),
  ],
  why: ({ start }) =>
    `The name has to be looked up in the container’s own /etc/passwd. ${
      start
        ? 'This daemon looks when it starts the process, and by then it has said 201. '
        : 'This daemon looks when it writes the exec down, while there is still an answer to put the sentence into. '
    }A number needs no list, and works in every image.`,
  report: {
    what: 'Images without an entry for the user who was asked for: the sentence names the file that lacks it.',
    url: 'https://github.com/containers/podman/issues/6953',
  },
  docker:
    'It passes the name on as it is, and shows what comes back. Where it is looked up has moved: in dockerd 20.10 at the start, in 28 in ContainerExecCreate.',
}

/** Detach keys that no keyboard has. */
export const impossibleKeys = tryCreate({
  name: 'impossible-keys',
  title: 'Detach keys that nobody can type',
  action: 'You create an exec with "DetachKeys":"ctrl-!!".',
  question: 'What does the daemon answer?',
  body: { ...outputOnly, DetachKeys: 'ctrl-!!', Cmd: ['true'] },
  sent: ['→ POST /containers/…/exec {…,"DetachKeys":"ctrl-!!","Cmd":["true"]}'],
  answers: [
    [201, '201: they are read when somebody types'],
    [400, '400: it is the client’s mistake'],
    [500, '500: it is the daemon’s mistake'],
  ],
  why: ({ status }) =>
    status === 201
      ? 'This daemon does not look at them here. Whoever trusts in them will find out in a session that cannot be left.'
      : 'The keys are translated into bytes when the exec is written down: ctrl-a is 01, ctrl-p is 10. ctrl with an exclamation mark is no byte. The sentence is good; the status, where it is 500, is an old mistake that nobody dares to correct.',
  report: {
    what: 'The request that made the keys configurable discussed what to do with wrong ones: a warning and the usual keys, or an error.',
    url: 'https://github.com/moby/moby/pull/15666',
  },
  docker:
    'It sends them to the daemon for this check, and searches for them itself: ContainerExecCreate in moby’s daemon/exec.go, and term.ToBytes.',
})

const shortened = {
  found: '200: the beginning is enough, as with a container',
  missing: '404: it wants all 64 digits',
} as const

/** The beginning of an exec ID. */
export const shortId: Experiment<{
  readonly container: number
  readonly exec: Verdict
}> = {
  name: 'short-id',
  chapter: 1,
  title: 'The first 12 digits of an exec ID',
  action:
    'docker ps shows 12 digits of a container’s ID, and every request takes them. You ask for an exec by the first 12 digits of its ID.',
  question: 'What does the daemon answer?',
  choices: Object.values(shortened),
  where: 'any daemon',
  async run(lab) {
    const id = await createExec(lab, { ...outputOnly, Cmd: ['true'] })
    const exec = verdictOf(await send(lab, 'GET', `/exec/${id.slice(0, 12)}/json`))
    const container = await withEngine(lab, async (engine) => {
      const path = (name: string): string => `${containerPath(name)}/json`
      const whole = await engine.request('GET', path(lab.container))
      const { Id } = readAnswer<{ Id: string }>(whole, engine)
      return (await engine.request('GET', path(Id.slice(0, 12)))).status
    })
    return { container, exec }
  },
  answer: ({ exec }) => (exec.status === 404 ? shortened.missing : shortened.found),
  evidence: ({ container, exec }) => [
    '→ GET /containers/… (12 digits)/json',
    `← ${container}`,
    '→ GET /exec/… (12 digits)/json',
    ...verdictLines(exec),
  ],
  why: () =>
    'People type the IDs of containers, so daemons look for the one that begins so. Nobody types an exec ID: it goes from the answer of one request into the path of the next. It is not a secret either. Whoever reaches the socket finds it in the container’s list.',
  report: {
    what: 'The list of execs in a container’s inspect was added so that a scheduler finds out where an exec belongs, from its ID alone.',
    url: 'https://github.com/moby/moby/pull/9800',
  },
  docker: 'It never shows the ID and never shortens it.',
}

/** A body that is JSON and says that it is text. */
export const textPlain = tryCreate({
  name: 'text-plain',
  title: 'JSON that says it is text',
  action:
    'You send a create whose body is in order, with the header Content-Type: text/plain. The client of 2015 sent its start like that.',
  question: 'What does the daemon answer?',
  body: { ...outputOnly, Cmd: ['true'] },
  headers: { 'Content-Type': 'text/plain' },
  sent: [
    '→ POST /containers/…/exec',
    '  Content-Type: text/plain',
    '  {"AttachStdout":true,"AttachStderr":true,"Cmd":["true"]}',
  ],
  answers: [
    [400, '400: it wants to be told that it is JSON'],
    [201, '201: it reads the body as JSON all the same'],
  ],
  why: ({ status }) =>
    status === 201
      ? 'This daemon reads the body without looking at the header. A client that was only tried here fails on the next daemon.'
      : 'A page in a browser may send text/plain to any address without asking first, and application/json not. The header keeps a page that you visit from running commands through a daemon that listens on a port of your machine.',
  report: {
    what: 'A start with the wrong content type gave a 500 without a word, until the check of the create was copied to it.',
    url: 'https://github.com/moby/moby/pull/16399',
  },
  docker: 'It sends application/json with everything that has a body.',
})

const misspelt = {
  refused: 'the create: it refuses a field that it does not know',
  lost: 'nobody: the command runs, and its output goes nowhere',
  shown: 'nobody: the output comes all the same',
  notRun: 'the start: with nothing attached nothing runs',
} as const

/** A field with a name that there is not. */
export const misspeltField: Experiment<{
  readonly create: number
  readonly output: string
  readonly exitCode: number | null
}> = {
  name: 'misspelt-field',
  chapter: 1,
  title: 'A field that is misspelt',
  action:
    'You create an exec with "AttachOutput":true, where it should be AttachStdout, and start it.',
  question: 'Who notices?',
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
    `← ${output.length} bytes behind the answer, exit code ${exitCode}`,
  ],
  why: () =>
    'Fields that are not known are skipped, so that a new client can talk to an old daemon. The price is that a mistake in a name is a success. (The case of the letters does not matter to a daemon written in Go: attachstdout would have worked.)',
  report: {
    what: 'An exec that wrote nothing: in the body stood Detact instead of Detach, and nobody had complained.',
    url: 'https://github.com/apocas/dockerode/issues/184',
  },
  docker:
    'Its body comes from a typed structure with every field in it, also the empty ones: ExecOptions in moby’s api/types/container.',
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
