/**
 * Runs a command on a pseudo-terminal: a pair of devices. The process uses
 * the slave, which behaves like a terminal. We use the master, and play the
 * person in front of it.
 *
 * @module
 */

import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { ReadStream } from 'node:tty'
import { type Command, runErrorCode } from './check-command.ts'
import {
  exitOf,
  type PracticeProcess,
  type RunFailure,
  runFailure,
  withContainerUmask,
} from './running-process.ts'

/** The part of the binding that we use: opening a pair. */
type Binding = { readonly open: (options: { encoding: null }) => Pair }

/** A pair of devices, as the binding returns it. */
type Pair = {
  readonly master: ReadStream
  readonly slave: ReadStream
  /** The file descriptor of the master. */
  readonly fd: number
  /** The path of the slave: `/dev/pts/3`. */
  readonly ptsName: string
  /** Rejects a size that contains a 0. */
  readonly resize: (width: number, height: number) => void
  readonly on: (event: 'error', listener: () => void) => void
}

/** Opens pairs of devices. */
export type PseudoTerminals = {
  /** Opens a new pair. */
  readonly open: () => Pair
}

/**
 * Loads the binding. It is an optional package, because it is native code
 * that is prebuilt for some systems only.
 *
 * @returns undefined if there is no build for this system
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
 * @param size - height and width of the window. Without it both are 0, which
 * is what a program in a container sees until the first resize
 */
export async function startOnTerminal(
  command: Command,
  size: readonly number[] | undefined,
  terminals: PseudoTerminals,
): Promise<PracticeProcess | RunFailure> {
  const { pair, device } = await openPair(terminals)
  const { master, ptsName: path } = pair
  // The owner may read and write the device. The tty group may write, for
  // commands such as `wall`.
  chmodSync(path, 0o620)
  if (command.account) chownSync(path, command.account.uid, fstatSync(device).gid)
  // A terminal stores 16-bit sizes. Without a height or a width, a runtime
  // leaves it at 0 by 0.
  const [height = 0, width = 0] = (size ?? []).map((length) => length % 0x1_0000)
  const hasSize = height > 0 && width > 0
  setSize(pair, device, hasSize ? height : 0, hasSize ? width : 0)

  // The first terminal that a session leader opens becomes its controlling
  // terminal, which lets Ctrl-C reach it. We can't open it for the process,
  // so a shell opens it and then execs the command. When the shell closes its
  // fourth stream, the terminal is ready.
  const shellScript = 'exec 0<>"$0" 1>&0 2>&0 3>&-; exec env -i "$@"'
  const code = runErrorCode(command.file)
  const error = code && runFailure(command.file, { code })
  const words = error ? ['printf', '%s', error.message] : [...command.environment, ...command.argv]
  try {
    const child = withContainerUmask(() =>
      spawn('/bin/sh', ['-c', shellScript, path, ...words], {
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
      // An earlier Ctrl-C would not reach the process.
      ready.once('close', resolve).resume()
      child.once('error', reject)
    })
    let isOpen = true
    // We hold the device open until the process exits. Otherwise it would
    // look hung up before the process opens it.
    const closeDevice = (): void => {
      if (isOpen) closeSync(device)
      isOpen = false
    }
    void exited.then(async () => {
      // Node loses what it has not passed on before the terminal hangs up.
      readRest(pair)
      while (isOpen && master.readableLength > 0) await wait(20, undefined, { ref: false })
      closeDevice()
    })
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
      onDrain: (call) => {
        master.on('drain', call)
        master.on('close', call)
      },
      endInput() {},
      resize: (height, width) => {
        if (isOpen) setSize(pair, device, height, width)
      },
      outputEnded: new Promise((resolve) => master.once('close', resolve)),
      release() {
        closeDevice()
        master.destroy()
      },
    }
  } catch (error) {
    closeSync(device)
    master.destroy()
    return runFailure(command.file, error)
  }
}

/** Opens a pair, and stops the binding from using it. */
async function openPair(
  terminals: PseudoTerminals,
): Promise<{ readonly pair: Pair; readonly device: number }> {
  const pair = terminals.open()
  const device = openSync(pair.ptsName, constants.O_RDWR | constants.O_NOCTTY)
  // The binding would also read from the slave, and take input away from the
  // process.
  await new Promise((resolve) => pair.slave.once('close', resolve).destroy())
  closeOtherHandles(device)
  // A terminal ends with the error EIO. With fewer than two listeners the
  // binding throws it.
  pair.on('error', () => {})
  pair.on('error', () => {})
  pair.master.pause()
  return { pair, device }
}

/**
 * Closes every other handle of a device. Node reopens a terminal for itself
 * and never closes the binding's handle. With that one open, the terminal
 * would never end.
 */
function closeOtherHandles(device: number): void {
  const { rdev } = fstatSync(device)
  for (let handle = 3; handle < device + 16; handle += 1) {
    try {
      if (handle !== device && fstatSync(handle).rdev === rdev) closeSync(handle)
    } catch {
      // No such handle.
    }
  }
}

/**
 * Reads the output that waits in the device, which holds a few kilobytes. The
 * limit is for a process that survives the command and goes on writing.
 */
function readRest({ master, fd }: Pair): void {
  for (let pieces = 0; pieces < 100 && !master.destroyed; pieces += 1) {
    const piece = Buffer.alloc(4096)
    try {
      const length = readSync(fd, piece)
      if (length === 0) return
      master.push(piece.subarray(0, length))
    } catch {
      // EAGAIN: nothing waits. EIO: it was hung up.
      return
    }
  }
}

/** Sets the window size. The process receives SIGWINCH. */
function setSize(pair: Pair, device: number, height: number, width: number): void {
  if (height > 0 && width > 0) {
    pair.resize(width, height)
    return
  }
  // `stty` accepts the sizes that the binding rejects, and sets them in two
  // steps.
  const words = ['rows', String(height), 'cols', String(width)]
  spawnSync('stty', words, { stdio: [device, 'ignore', 'ignore'] })
}
