/**
 * # Exercise 2, small: the request, byte by byte
 *
 * In: a path such as `/v1.41/exec/fc9c…/start`, and a JSON body.
 *
 * Out: the whole request as text: the request line, the headers, a blank
 * line, the body. The headers are Host, Connection, Upgrade, Content-Type and
 * Content-Length.
 *
 * You are done when a daemon that gets exactly these bytes answers 101, and
 * the request is valid HTTP: a proxy may be stricter than the daemon.
 *
 * @module
 */

import { notWritten } from '../../../src/judging/not-written.ts'

/** The request, yours. */
export function startRequest(path: string, body: string): string {
  // YOUR CODE
  // Watch the line endings of HTTP. Content-Length counts bytes.
  throw notWritten('2 start-head', path, body)
}
