/**
 * Leaves the host away: a socket file has none.
 *
 * Verdict: the header Host is missing
 */

export function startRequest(path: string, body: string): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Connection: Upgrade',
    'Upgrade: tcp',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
