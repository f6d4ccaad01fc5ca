/**
 * Counts characters where bytes count.
 *
 * Verdict: Content-Length is 42, and the body has 43 bytes
 */

export function startRequest(path: string, body: string): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: docker',
    'Connection: Upgrade',
    'Upgrade: tcp',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
