/**
 * The solution of the small exercise of chapter 2.
 *
 * @module
 */

/** Returns the text of the request that asks for the connection. */
export function startRequest(path: string, body: string): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    // A Host header is required, even on a Unix socket.
    'Host: docker',
    'Connection: Upgrade',
    'Upgrade: tcp',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
