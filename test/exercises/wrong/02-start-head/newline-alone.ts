/**
 * Ends lines as a text file does.
 *
 * Verdict: in HTTP it is \r\n
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
  return `${head.join('\n')}\n\n${body}`
}
