/**
 * The solution of the small exercise of chapter 2.
 *
 * @module
 */

/** The request that asks for the connection, as it goes over the wire. */
export function startRequest(path: string, body: string): string {
  const head = [
    `POST ${path} HTTP/1.1`,
    // HTTP wants a host even where a socket file is the address.
    'Host: docker',
    'Connection: Upgrade',
    'Upgrade: tcp',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}
