/**
 * The demultiplexer in memory, without a socket.
 *
 * @module
 */

import { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createDemultiplexer, encodeFrame, headerLength } from '../../src/stream/frames.ts'
import { names } from './contenders.ts'
import { ratio } from './statistics.ts'
import { type Case, createRows, type Table, valuesOf } from './table.ts'

/** Takes chunks. Afterwards `taken` says how many bytes of payload came. */
type Reader = { readonly feed: (chunk: Buffer) => void; readonly taken: () => number }

/** The size of a chunk in bytes: what Node reads from a socket by default. */
const chunkLength = 64 * 1024

/** The lengths of the payloads. */
const lengths = [1, 64, 1024, 32 * 1024]

const modem = 'docker-modem'
const offsets = 'offsets only'

/** The case of this file. */
export const frames: Case = {
  name: 'frames',
  about: 'frames of 1 byte to 32 KiB, demultiplexed in memory',
  needsEngine: false,
  async run(bench) {
    const readers: Record<string, () => Reader> = {
      ...(bench.peers && { [modem]: loadModem(bench.peers) }),
      [names.ours]: createOurs,
      [offsets]: createOffsetsOnly,
    }
    return lengths.map((length) => {
      bench.say(`frames of ${length} bytes`)
      return measureFrames(readers, length, bench.isQuick)
    })
  },
}

function measureFrames(
  readers: Record<string, () => Reader>,
  length: number,
  isQuick: boolean,
): Table {
  const count = Math.max(1, Math.floor(chunkLength / (headerLength + length)))
  const frame = encodeFrame('stdout', Buffer.alloc(length, 'x'))
  const chunk = Buffer.concat(Array<Uint8Array>(count).fill(frame))
  const results = createRows(Object.keys(readers))
  const time = isQuick ? 50_000 : 300_000
  // The first round is for the compiler.
  for (let round = 0; round <= (isQuick ? 3 : 7); round += 1) {
    for (const [name, create] of Object.entries(readers)) {
      if (!results.isIn(name)) continue
      try {
        const perSecond = chunksPerSecond(create(), chunk, count * length, time)
        const rates = {
          frames: (perSecond * count) / 1e6,
          bytes: (perSecond * count * length) / 1e6,
        }
        if (round > 0) results.add(name, rates)
      } catch (error) {
        results.drop(name, `fails: ${(error as Error).message}`)
      }
    }
  }
  const rows = results.rows()
  const ours = valuesOf(rows, names.ours, 'frames')
  const peer = valuesOf(rows, modem, 'frames')
  return {
    name: 'frames',
    title: `Frames of ${length} ${length === 1 ? 'byte' : 'bytes'}, in memory`,
    engine: '',
    columns: [
      { key: 'frames', title: 'million frames/s', digits: 3, isRate: true },
      { key: 'bytes', title: 'MB/s', digits: 1, isRate: true },
    ],
    rows,
    base: peer.length > 0 ? modem : offsets,
    targets:
      length <= 64 && peer.length > 0
        ? [{ what: `frames/s, to ${modem}`, value: ratio(ours, peer), limit: { atLeast: 170 } }]
        : [],
  }
}

/** Feeds the same chunk until enough CPU time is used up. */
function chunksPerSecond(reader: Reader, chunk: Buffer, payload: number, time: number): number {
  const began = process.cpuUsage()
  let chunks = 0
  let used = 0
  while (used < time) {
    for (let repeat = 0; repeat < 8; repeat += 1) reader.feed(chunk)
    chunks += 8
    const { user, system } = process.cpuUsage(began)
    used = user + system
  }
  if (reader.taken() !== chunks * payload) throw new Error(`${reader.taken()} bytes came`)
  return chunks / (used / 1e6)
}

function createOurs(): Reader {
  let taken = 0
  const feed = createDemultiplexer((_, payload) => {
    taken += payload.length
  })
  return { feed, taken: () => taken }
}

/** The limit: finds the frames in whole chunks, and hands nothing on. */
function createOffsetsOnly(): Reader {
  let taken = 0
  return {
    feed(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const length =
          (((chunk[at + 4] as number) << 24) |
            ((chunk[at + 5] as number) << 16) |
            ((chunk[at + 6] as number) << 8) |
            (chunk[at + 7] as number)) >>>
          0
        taken += length
        at += headerLength + length
      }
    },
    taken: () => taken,
  }
}

/** dockerode's demultiplexer, between streams that do nothing. */
function loadModem(peers: string): () => Reader {
  const Modem = createRequire(join(peers, 'package.json'))(modem) as {
    prototype: { demuxStream: (from: EventEmitter, out: object, errors: object) => void }
  }
  return () => {
    let taken = 0
    const sink = {
      write(payload: Buffer) {
        taken += payload.length
      },
    }
    const from = new EventEmitter()
    Modem.prototype.demuxStream(from, sink, sink)
    return { feed: (chunk) => from.emit('data', chunk), taken: () => taken }
  }
}
