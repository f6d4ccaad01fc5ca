/**
 * What a case of the differential corpus is.
 *
 * @module
 */

import type { Terminal } from '../../support/pty.ts'
import type { Input, Running } from '../../support/run.ts'

/** The surroundings in which a case is run. */
export type Place = {
  /** An empty folder, the same for both sides, with the case's `files` in it. */
  readonly folder: string
  /** The full ID of the container. */
  readonly id: string
}

/** One command line, given to `docker exec` and to ours. */
export type Case = {
  /** A sentence about what can be seen. */
  readonly title: string
  /** What stands behind `docker exec`. `BOX` is the container. */
  readonly args: readonly string[] | ((place: Place) => readonly string[])
  /** Standard input, `/dev/null` unless told otherwise. */
  readonly stdin?: Input | ((place: Place) => Input)
  /** Variables of the client. */
  readonly env?:
    | Readonly<Record<string, string | undefined>>
    | ((place: Place) => Readonly<Record<string, string | undefined>>)
  /** Files in the folder: name and content. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** The container's state. A case that does not say anything shares one that runs. */
  readonly container?: 'stopped' | 'paused'
  /** Each side gets a container of its own, for it leaves something behind in it. */
  readonly ownContainer?: true
  /** The shell line in which the client is run; `"$@"` is the client. */
  readonly shell?: string
  /** Run in a real terminal, with somebody at the keys. */
  readonly terminal?: (terminal: Terminal) => Promise<void>
  /** The terminal's window, 80 by 24 unless told otherwise. */
  readonly window?: { readonly columns: number; readonly rows: number }
  /** What happens while it runs, without a terminal. */
  readonly during?: (running: Running) => Promise<void>
  /** A shell script for the container, behind the run: what it prints is compared, too. */
  readonly afterwards?: string
  /** Compares what is asked of the daemon, too: the POST requests and their bodies. */
  readonly wire?: true
  /** Cuts the connection behind a text, with the daemon alive or gone. */
  readonly cut?: { readonly behind: string; readonly daemon: 'alive' | 'gone' }
  /** The client names itself in what it prints, so that its name is translated into ours. */
  readonly namesItself?: true
  /** The first major version of the docker client that does it like this; older ones differ. */
  readonly since?: number
}

/** Marks a case whose words or codes are those of docker 28 and newer. */
export function sinceDocker28(theCase: Case): Case {
  return { ...theCase, since: 28 }
}

/** Arguments that run a script in the container, behind options. */
export function script(text: string, ...options: readonly string[]): readonly string[] {
  return [...options, 'BOX', 'sh', '-c', text]
}
