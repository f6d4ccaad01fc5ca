/**
 * One answer of a daemon as its bytes came: the head, what stood behind it in the same packet, and
 * what followed until the end.
 *
 * @module
 */

import type { Socket } from 'node:net'

/** What came back. */
export type Exchange = {
  /** `101`, or 0 where no answer came. */
  readonly status: number
  /** `HTTP/1.1 101 UPGRADED` */
  readonly statusLine: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** What each read brought, the head of the answer in the first. */
  readonly packets: readonly Buffer[]
  /** All that stood behind the head. */
  readonly body: Buffer
  /** The daemon's end, a broken connection, all of what was announced or wanted, or a silence. */
  readonly end: 'ended' | 'broken' | 'complete' | 'silent'
}

/** What to do behind the head, and how long to read. */
export type Waiting = {
  /** Sent as soon as the head of the answer is here. */
  readonly input?: string | Uint8Array
  /** Says then that nothing more will be sent. */
  readonly halfClose?: boolean
  /** Stops reading as soon as what stands behind the head satisfies this. */
  readonly until?: (body: Buffer) => boolean
  /** A silence of so many milliseconds behind the head counts as the end. */
  readonly quiet?: number
}

const headEnd = Buffer.from('\r\n\r\n')

/** Reads one answer. It never throws: how it ended is a finding. */
export function readExchange(
  socket: Socket,
  { input, halfClose, until, quiet, limit }: Waiting & { readonly limit: number },
): Promise<Exchange> {
  const packets: Buffer[] = []
  let answered = false
  return new Promise((resolve) => {
    const finish = (end: Exchange['end']): void => {
      clearTimeout(timer)
      socket.off('data', onData)
      resolve({ ...takeApart(packets), packets, end })
    }
    let timer = setTimeout(finish, limit, 'silent')
    const onData = (chunk: Buffer): void => {
      packets.push(chunk)
      const { status, headers, body } = takeApart(packets)
      if (status === 0) return
      if (!answered) {
        answered = true
        if (input !== undefined) socket.write(input)
        if (halfClose) socket.end()
      }
      const announced = status === 101 ? undefined : headers['content-length']
      const isWhole = announced !== undefined && body.length >= Number(announced)
      if (isWhole || until?.(body)) finish('complete')
      else if (quiet !== undefined) {
        clearTimeout(timer)
        timer = setTimeout(finish, quiet, 'silent')
      }
    }
    socket.on('data', onData)
    socket.once('end', () => finish('ended'))
    socket.once('error', () => finish('broken'))
    socket.once('close', () => finish('broken'))
  })
}

/** Divides what has come at the first empty line. Status 0 says that there is none yet. */
function takeApart(
  packets: readonly Buffer[],
): Pick<Exchange, 'status' | 'statusLine' | 'headers' | 'body'> {
  const bytes = Buffer.concat(packets)
  const at = bytes.indexOf(headEnd)
  if (at === -1) return { status: 0, statusLine: '', headers: {}, body: Buffer.alloc(0) }
  const [statusLine = '', ...fields] = bytes.toString('latin1', 0, at).split('\r\n')
  const headers = fields.map((field) => {
    const colon = field.indexOf(':')
    return [field.slice(0, colon).toLowerCase(), field.slice(colon + 1).trim()] as const
  })
  return {
    status: Number(statusLine.split(' ')[1]),
    statusLine,
    headers: Object.fromEntries(headers),
    body: bytes.subarray(at + headEnd.length),
  }
}
