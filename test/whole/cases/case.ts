/**
 * The type of a case in the differential corpus.
 *
 * @module
 */

import type { Terminal } from '../../support/pty.ts'
import type { Input, Running } from '../../support/run.ts'

/** The environment in which a case runs. */
export type Place = {
  /** A folder for both clients that contains only the case's `files`. */
  readonly folder: string
  /** The full ID of the container. */
  readonly id: string
}

/** A command line for `docker exec` and for our client. */
export type Case = {
  /** What the case is about. */
  readonly title: string
  /** The arguments after `docker exec`. `BOX` is the container. */
  readonly args: readonly string[] | ((place: Place) => readonly string[])
  /** Standard input; by default `/dev/null`. */
  readonly stdin?: Input | ((place: Place) => Input)
  /** The client's environment variables. */
  readonly env?:
    | Readonly<Record<string, string | undefined>>
    | ((place: Place) => Readonly<Record<string, string | undefined>>)
  /** The files in the folder: names and contents. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /**
   * The container's state. By default the case shares a running container.
   */
  readonly container?: 'stopped' | 'paused'
  /** Gives each client its own container, because the case changes it. */
  readonly ownContainer?: true
  /** The shell command that runs the client; `"$@"` is the client. */
  readonly shell?: string
  /** Runs in a real terminal, and types these keys. */
  readonly terminal?: (terminal: Terminal) => Promise<void>
  /** The size of the terminal; by default 80 by 24. */
  readonly window?: { readonly columns: number; readonly rows: number }
  /** Actions while the client runs without a terminal. */
  readonly during?: (running: Running) => Promise<void>
  /**
   * A shell script that runs in the container afterwards. Its output is
   * compared too.
   */
  readonly afterwards?: string
  /** Also compares the requests: every POST and its body. */
  readonly wire?: true
  /** Breaks the connection after a text, with the daemon alive or gone. */
  readonly cut?: { readonly after: string; readonly daemon: 'alive' | 'gone' }
  /**
   * The client prints its own name, so docker's name is replaced with ours.
   */
  readonly namesItself?: true
  /** The first major version of docker's client that behaves this way. */
  readonly since?: number
}

/** Marks a case whose messages or codes are those of docker 28 and newer. */
export function sinceDocker28(theCase: Case): Case {
  return { ...theCase, since: 28 }
}

/**
 * Returns options, followed by the arguments that run a script in the
 * container.
 */
export function script(text: string, ...options: readonly string[]): readonly string[] {
  return [...options, 'BOX', 'sh', '-c', text]
}
