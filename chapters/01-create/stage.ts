/**
 * # 1 Create: how does the daemon learn what we want to run?
 *
 * A container is running somewhere, say with `sleep 1000000`, and we want a
 * second process in it. We can't start one ourselves: the daemon owns the
 * container, and we only have its HTTP API. No single request runs a command.
 * It takes two: one that *describes* what to run, and one that runs it. This
 * chapter sends the first.
 *
 * The state that this stage gets, and the state that it passes on:
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
 * The answer says 201 Created, but all the daemon has created is a note,
 * which docker calls an *exec*. The new process doesn't exist yet:
 * `docker top box` shows only those that were there before. The path of every
 * later request contains the *exec ID*.
 * <!-- claims: no-process-before-start -->
 *
 * ## Why two requests, and why this order
 *
 * A request that runs a command and attaches to it turns its connection into
 * a raw two-way byte stream. The daemon agrees to that before it knows if the
 * command can be started, and an error after that point has no status. The
 * create is ordinary HTTP to the end. So dockerd checks what it can here, and
 * refuses with a status and a message: no such container (404), not running
 * or paused (409), an unknown user (400; dockerd 20.10 still accepts it),
 * an invalid key sequence for detaching (500). Podman 4.3 accepts the last
 * two.
 * <!-- claims: no-such-container 404, not-running 409, paused 409 -->
 * <!-- claims: unknown-user 400, impossible-detach-keys 500 -->
 *
 * We make two checks of our own *before* the create. First we ask whether the
 * container exists. The create would tell us, too, but a mistyped name has to
 * be reported before a missing terminal. Then we check our own terminal. The
 * client of 2015 checked it only after the create, so a cron job with `docker
 * exec -it` failed with the right message but leaked an exec each time.
 *
 * ## What to watch
 *
 * `npm run chapter 1`: the body we send and the state we pass on. Run it
 * twice and compare the IDs. Then ask for the impossible:
 * `npm run chapter 1 nosuchcontainer`.
 *
 * ## How to get out
 *
 * Nothing to do: the stage finishes on its own and has nothing to clean up.
 * (The engine keeps the HTTP connection for the later requests.) No request
 * deletes the note. If you never start it, dockerd keeps it until the
 * container stops, and answers 404 if you inspect it after that.
 * <!-- claims: note-lives-until-stop 404 -->
 *
 * ## What docker does that this leaves out
 *
 * The body is docker's. (Both clients first ask for the API version, the 1.41
 * in the paths above.) docker's command line also completes container names.
 *
 * @module
 */

import type { Kit } from '../../src/course/kit.ts'
import type { Stage } from '../../src/course/stage.ts'
import { containerPath, readAnswer } from '../../src/engine/answer.ts'
import { isOlder } from '../../src/engine/api-version.ts'
import { Failure } from '../../src/process/failure.ts'

/** What to run, and how. The course starts with this state. */
export type Asked = {
  /** The name or ID of a running container, or a prefix of its ID. */
  readonly container: string
  /** The command and its arguments. */
  readonly command: readonly string[]
  /**
   * `user` or `user:group`, each a name or a number. Empty: the container's
   * default.
   */
  readonly user: string
  /** Whether the command gets every capability. */
  readonly privileged: boolean
  /** Whether the command gets its own terminal, a pseudo-terminal. */
  readonly tty: boolean
  /** Whether the command gets our standard input. */
  readonly interactive: boolean
  /** Whether it runs in the background, without us waiting for it. */
  readonly detach: boolean
  /**
   * The key sequence that detaches from the session, such as
   * `ctrl-p,ctrl-q`. Empty: the one from the user's configuration.
   */
  readonly detachKeys: string
  /** Extra environment variables, each `NAME=value`. */
  readonly env: readonly string[]
  /** The working directory. Empty: the container's default. */
  readonly workingDir: string
}

/** What chapter 1 passes on. */
export type Created = Asked & {
  /** The daemon's name for the exec: 64 hexadecimal digits. */
  readonly execId: string
}

/** Chapter 1: two checks, then the create. It passes on the exec ID. */
export const create: Stage<Asked, Created> = {
  name: 'create',
  title: 'tells the daemon what to run, and gets an ID for it',
  question: 'How does the daemon learn what we want to run?',

  // The kit has the engine, which sends requests to the daemon, and our own
  // terminal.
  async run(asked, kit) {
    await checkContainer(asked, kit)
    if (!asked.detach) checkTtyInput(asked, kit)

    const reply = await kit.engine.request(
      'POST',
      `${containerPath(asked.container)}/exec`,
      execConfig(asked, kit),
    )
    const { Id: execId } = readAnswer<{ Id?: string }>(reply, kit.engine)
    // No known daemon answers without an ID. If one did, the next path would
    // be `/exec/undefined/start`, and the error would blame the wrong thing.
    if (typeof execId !== 'string' || execId === '') throw new Failure('exec ID empty')

    return { ...asked, execId }
  },
}

/**
 * Fails if the container doesn't exist. It comes first so that a mistyped
 * name is reported as such, and not as a problem with the terminal.
 */
export async function checkContainer({ container }: Asked, kit: Kit): Promise<void> {
  if (container.trim() === '') throw new Failure('invalid container name or ID: value is empty')
  readAnswer(await kit.engine.request('GET', `${containerPath(container)}/json`), kit.engine)
}

/**
 * Fails for `-it` if our input isn't a terminal. A tty in the container needs
 * a terminal on our side, too. Otherwise a program that believes it has one
 * would prompt, draw and echo for a user who isn't there.
 *
 * With `-t` alone you type nothing, so it checks nothing.
 */
export function checkTtyInput({ interactive, tty }: Asked, { terminal }: Kit): void {
  if (!interactive || !tty || terminal.inputIsTerminal) return
  const minTty = process.platform === 'win32' && process.env.MSYSTEM !== undefined
  throw new Failure(
    minTty
      ? "the input device is not a TTY.  If you are using mintty, try prefixing the command with 'winpty'"
      : 'the input device is not a TTY',
    1,
    'Leave out -t if the input is a pipe or a file, or run this in a terminal.',
  )
}

/**
 * Returns the body of the request. We send every field, even if it is empty,
 * so nothing depends on what a daemon assumes for a missing one. Only the
 * size is sometimes left out: see `consoleSize`.
 */
export function execConfig(asked: Asked, { engine, terminal }: Kit): object {
  // A detached client reads and writes nothing, so it attaches no stream.
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
 * Returns the size of our window, height first, or nothing: without a tty, or
 * below API 1.42, where the field doesn't exist. It is 0 by 0 if our standard
 * output isn't a terminal. dockerd gives the new terminal this size before
 * the command starts. Chapter 6 shows what happens without it.
 */
export function consoleSize(
  { tty }: Asked,
  { engine, terminal }: Pick<Kit, 'engine' | 'terminal'>,
): { ConsoleSize?: readonly [height: number, width: number] } {
  if (!tty || isOlder(engine.apiVersion, '1.42')) return {}
  const { rows, columns } = terminal.size() ?? { rows: 0, columns: 0 }
  return { ConsoleSize: [rows, columns] }
}
