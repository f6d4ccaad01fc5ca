/**
 * Runs a command on a pseudo-terminal: a pair of devices, of which the process has the one that
 * behaves as a terminal, and we the one that behaves as the person in front of it.
 *
 * @module
 */

import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, closeSync, constants, fstatSync, openSync } from 'node:fs'
import type { Readable } from 'node:stream'
import type { ReadStream } from 'node:tty'
import { type Command, whyNotRunnable } from './check-command.ts'
import {
  exitOf,
  type NotRun,
  notRun,
  type PracticeProcess,
  withCommandsMask,
} from './running-process.ts'

/** The part of the binding that is used: opening a pair. */
type Binding = { readonly open: (options: { encoding: null }) => Pair }

/** A pair of devices, as the binding gives it. */
type Pair = {
  readonly master: ReadStream
  readonly slave: ReadStream
  /** The path of the process's side: `/dev/pts/3`. */
  readonly ptsName: string
  /** Takes no size with a 0 in it. */
  readonly resize: (width: number, height: number) => void
  readonly on: (event: 'error', listener: () => void) => void
}

/** Opens pairs of devices. */
export type PseudoTerminals = {
  /** Opens a new pair. */
  readonly open: () => Pair
}

/**
 * Loads the binding, which is an optional package: it is native code, made for this system before
 * it was published.
 *
 * @returns undefined where there is none for this system
 */
export async function loadPseudoTerminals(): Promise<PseudoTerminals | undefined> {
  // Windows has no pair of devices to open.
  if (process.platform === 'win32') return undefined
  try {
    const loaded = (await import('@lydell/node-pty')) as unknown as Binding & { default?: Binding }
    const binding = loaded.default ?? loaded
    return { open: () => binding.open({ encoding: null }) }
  } catch {
    return undefined
  }
}

/**
 * Starts a command.
 *
 * @param size - height and width of the window; without it both are 0, which is what a program sees
 * in a container until the first resize comes
 */
export async function startOnTerminal(
  command: Command,
  size: readonly number[] | undefined,
  terminals: PseudoTerminals,
): Promise<PracticeProcess | NotRun> {
  const { pair, device } = await openPair(terminals)
  const { master, ptsName: path } = pair
  // Its owner may read and write it, and whoever has a message for everybody may write it.
  chmodSync(path, 0o620)
  if (command.account) chownSync(path, command.account.uid, fstatSync(device).gid)
  // A terminal counts to 65535; and without a height or a width a runtime leaves it at 0 by 0.
  const [height = 0, width = 0] = (size ?? []).map((length) => length % 0x1_0000)
  const isThere = height > 0 && width > 0
  setSize(pair, device, isThere ? height : 0, isThere ? width : 0)

  // The first process of a session that opens a terminal has it as its own: from then on Ctrl-C
  // reaches it. Nobody else can open it for the process, so a shell does, and becomes the command.
  // Closing its fourth stream, it tells that the terminal is its own now.
  const become = 'exec 0<>"$0" 1>&0 2>&0 3>&-; exec env -i "$@"'
  const code = whyNotRunnable(command.file)
  const error = code && notRun(command.file, { code })
  const words = error ? ['printf', '%s', error.message] : [...command.environment, ...command.argv]
  try {
    const child = withCommandsMask(() =>
      spawn('/bin/sh', ['-c', become, path, ...words], {
        cwd: command.directory,
        env: {},
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
        detached: true,
        ...command.account,
      }),
    )
    const exited = exitOf(child).then((code) => (error ? error.exitCode : code))
    await new Promise((resolve, reject) => {
      const ready = child.stdio[3] as Readable
      // A Ctrl-C that came before would find nobody.
      ready.once('close', resolve).resume()
      child.once('error', reject)
    })
    let isOpen = true
    // The device is held open until the process is over: without a holder it would look hung up
    // before the process has come to open it.
    const letGo = (): void => {
      if (isOpen) closeSync(device)
      isOpen = false
    }
    void exited.then(letGo)
    return {
      pid: child.pid ?? 0,
      exited,
      read: (take) => {
        master.on('data', (chunk: Buffer) => {
          if (!take(1, chunk)) master.pause()
        })
        master.resume()
      },
      resume: () => void master.resume(),
      write: (chunk) => master.destroyed || master.write(chunk),
      drained: (call) => {
        master.on('drain', call)
        master.on('close', call)
      },
      endInput() {},
      resize: (height, width) => {
        if (isOpen) setSize(pair, device, height, width)
      },
      silent: new Promise((resolve) => master.once('close', resolve)),
      release() {
        letGo()
        master.destroy()
      },
    }
  } catch (error) {
    closeSync(device)
    master.destroy()
    return notRun(command.file, error)
  }
}

/** Opens a pair, and takes it out of the binding's hands. */
async function openPair(
  terminals: PseudoTerminals,
): Promise<{ readonly pair: Pair; readonly device: number }> {
  const pair = terminals.open()
  const device = openSync(pair.ptsName, constants.O_RDWR | constants.O_NOCTTY)
  // The binding would read from the process's side too, and so take its input away.
  await new Promise((resolve) => pair.slave.once('close', resolve).destroy())
  closeOthers(device)
  // The end of a terminal is an error, EIO. With fewer than two listeners the binding throws it.
  pair.on('error', () => {})
  pair.on('error', () => {})
  pair.master.pause()
  return { pair, device }
}

/**
 * Closes every other handle on a device. Node opens a terminal once more for itself and never
 * closes the handle that the binding gave it; with that one open the terminal would never end.
 */
function closeOthers(device: number): void {
  const { rdev } = fstatSync(device)
  for (let handle = 3; handle < device + 16; handle += 1) {
    try {
      if (handle !== device && fstatSync(handle).rdev === rdev) closeSync(handle)
    } catch {
      // No such handle.
    }
  }
}

/** Sets the window size, and the process gets its SIGWINCH. */
function setSize(pair: Pair, device: number, height: number, width: number): void {
  if (height > 0 && width > 0) {
    pair.resize(width, height)
    return
  }
  // What the binding refuses `stty` does, in two steps.
  const words = ['rows', String(height), 'cols', String(width)]
  spawnSync('stty', words, { stdio: [device, 'ignore', 'ignore'] })
}
