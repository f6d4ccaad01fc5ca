/**
 * Puts the body right behind the headers.
 *
 * Verdict: there is no empty line behind the headers
 */

export function startRequest(path: string, body: string): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: docker',
    'Connection: Upgrade',
    'Upgrade: tcp',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return `${head.join('\r\n')}\r\n${body}`
}
