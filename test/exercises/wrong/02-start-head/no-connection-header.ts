/**
 * Believes that Upgrade alone is enough.
 *
 * Verdict: the header Connection is missing
 */

export function startRequest(path: string, body: string): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    'Host: docker',
    'Upgrade: tcp',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
