/**
 * Another order, small letters, a list in Connection, a charset.
 */

export function startRequest(path: string, body: string): string {
  return [
    `POST ${path} HTTP/1.1`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${new TextEncoder().encode(body).length}`,
    'upgrade: tcp',
    'connection: keep-alive, Upgrade',
    'host: localhost',
    '',
    body,
  ].join('\r\n')
}
