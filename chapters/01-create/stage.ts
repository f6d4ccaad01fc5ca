/**
 * # 1 Create: how does the daemon learn what we want to run?
 *
 * A container is running somewhere, `sleep 1000000` perhaps, and we want a second process in it.
 * We cannot start one ourselves: the daemon owns the container, and all that we have is its HTTP
 * API. There is no single request that runs a command. There are two: one that *writes down* what
 * to run, and one that runs it. This chapter sends the first one.
 *
 * ```text
 *   before                            after
 *   container   "box"                 container   "box"
 *   command     ["sh"]                command     ["sh"]
 *   tty         true                  tty         true
 *   …                                 …
 *                                   + execId      "fc9c11ae6ac4…" (64 hex digits)
 * ```
 *
 * On the wire:
 *
 * ```text
 *   → GET /v1.41/containers/box/json
 *   ← HTTP/1.1 200 OK
 *   → POST /v1.41/containers/box/exec
 *     Content-Type: application/json
 *     {"User":"","Privileged":false,"Tty":true,"AttachStdin":true,…,"Cmd":["sh"]}
 *   ← HTTP/1.1 201 Created
 *     {"Id":"fc9c11ae6ac4827ea507e885c888bdb37c8f7b906347b9272adf8d580a6417df"}
 * ```
 *
 * The answer says 201 Created, and what was created is a note: no process exists yet, and
 * `docker top box` shows none. The note has an *exec ID*, and every later request of this book
 * names it.
 * <!-- claims: no-process-before-start -->
 *
 * ## Why two requests, and why this order
 *
 * A request that runs a command has to turn its connection into a pipe, and a pipe has no room
 * for an answer such as "that container is paused". So everything that can be refused with a
 * status and a sentence is refused here: no such container (404), not running or paused (409), an
 * unknown user (400, but a daemon of 2020 lets it pass), a sequence of detach keys that nobody can
 * type (500).
 * <!-- claims: no-such-container 404, not-running 409, paused 409 -->
 * <!-- claims: unknown-user 400, impossible-detach-keys 500 -->
 *
 * Two checks of our own come first. We ask whether the container exists, and we look at our own
 * terminal, both *before* the note is made. In 2015 the client looked at the terminal after this
 * request. Whoever typed `docker exec -it` in a cron job got the right message, and left an exec
 * ID on the daemon with every run.
 *
 * ## What to watch
 *
 * `npm run chapter 1`: the body that we send and the state that we pass on. Run it twice and
 * compare the IDs. Then ask for something impossible: `npm run chapter 1 nosuchcontainer`.
 *
 * ## How to get out
 *
 * The stage ends by itself and holds nothing open. The note stays with the daemon until its
 * container is removed; no request takes it back.
 *
 * ## What docker does that this leaves out
 *
 * Nothing on the wire. Its command line also completes the names of containers.
 *
 * @module
 */

import type { Kit } from '../../src/course/kit.ts'
import type { Stage } from '../../src/course/stage.ts'
import { containerPath, readAnswer } from '../../src/engine/answer.ts'
import { Failure } from '../../src/process/failure.ts'

/** What we want to run, and how. It is where the course begins. */
export type Asked = {
  /** The name or the ID of a running container, or the beginning of its ID. */
  readonly container: string
  /** The command and its arguments. */
  readonly command: readonly string[]
  /** Who runs it, as `name`, `uid` or `uid:gid`. Empty: the container's own user. */
  readonly user: string
  /** Whether it gets every capability. */
  readonly privileged: boolean
  /** Whether the daemon gives it a terminal of its own, a pseudo-terminal. */
  readonly tty: boolean
  /** Whether our standard input goes to it. */
  readonly interactive: boolean
  /** Whether it is started in the background, and we do not wait for it. */
  readonly detach: boolean
  /** The keys that leave the session: `ctrl-p,ctrl-q`. Empty: those of the user's configuration. */
  readonly detachKeys: string
  /** Variables for its environment, each `NAME=value`. */
  readonly env: readonly string[]
  /** Where it starts. Empty: the container's own working directory. */
  readonly workingDir: string
}

/** What chapter 1 passes on. */
export type Created = Asked & {
  /** The daemon's name for what we asked for: 64 hexadecimal digits. */
  readonly execId: string
}

/** Chapter 1. */
export const create: Stage<Asked, Created> = {
  name: 'create',
  title: 'tells the daemon what to run, and gets an ID for it',
  question: 'How does the daemon learn what we want to run?',

  async run(asked, kit) {
    await checkContainer(asked, kit)
    if (!asked.detach) checkTtyInput(asked, kit)

    const reply = await kit.engine.request(
      'POST',
      `${containerPath(asked.container)}/exec`,
      execConfig(asked, kit),
    )
    const { Id: execId } = readAnswer<{ Id?: string }>(reply, kit.engine)
    // No daemon was ever seen to answer without an ID. Without this line the next path would be
    // `/exec/undefined/start`, and the message would blame the wrong thing.
    if (!execId) throw new Failure('exec ID empty')

    return { ...asked, execId }
  },
}

/**
 * Asks for the container and throws the answer away. It is asked so that a mistyped name is
 * reported as such, and not as a problem with the terminal, which is checked next.
 */
export async function checkContainer({ container }: Asked, kit: Kit): Promise<void> {
  if (container.trim() === '') throw new Failure('invalid container name or ID: value is empty')
  readAnswer(await kit.engine.request('GET', `${containerPath(container)}/json`), kit.engine)
}

/**
 * A tty at the other end wants a terminal at this one. Raw mode, echo and the size of the window
 * are all about the terminal that the keys come from; without it a program in the container
 * would believe in a person who is not there.
 *
 * With `-t` alone nothing is typed, so there is nothing to check.
 */
export function checkTtyInput({ interactive, tty }: Asked, { terminal }: Kit): void {
  if (!interactive || !tty || terminal.inputIsTerminal) return
  const minTty = process.platform === 'win32' && process.env.MSYSTEM !== undefined
  throw new Failure(
    minTty
      ? "the input device is not a TTY.  If you are using mintty, try prefixing the command with 'winpty'"
      : 'the input device is not a TTY',
    1,
    'Leave out -t where input comes from a pipe or a file, or run this in a terminal.',
  )
}

/**
 * The body of the request. Every field is sent, also an empty one: then the daemon's log shows
 * the whole of what was asked, and nothing depends on its defaults.
 */
export function execConfig(asked: Asked, { engine, terminal }: Kit): object {
  // In the background nobody reads or writes, so nothing is attached.
  const attach = !asked.detach
  return {
    User: asked.user,
    Privileged: asked.privileged,
    Tty: asked.tty,
    ...consoleSize(asked, { engine, terminal }),
    AttachStdin: attach && asked.interactive,
    AttachStderr: attach,
    AttachStdout: attach,
    Detach: asked.detach,
    DetachKeys: asked.detachKeys || engine.config.detachKeys,
    Env: asked.env.length > 0 ? asked.env : null,
    WorkingDir: asked.workingDir,
    Cmd: asked.command,
  }
}

/**
 * The size of our window, height first, for daemons that can give the new terminal its size from
 * its first moment. Older ones do not know the field, and chapter 6 shows what that costs.
 */
export function consoleSize(
  { tty }: Asked,
  { engine, terminal }: Pick<Kit, 'engine' | 'terminal'>,
): { ConsoleSize?: readonly [height: number, width: number] } {
  const size = terminal.size()
  if (!tty || !size || Number(engine.apiVersion.split('.')[1]) < 42) return {}
  return { ConsoleSize: [size.rows, size.columns] }
}
