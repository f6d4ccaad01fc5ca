/**
 * # Exercise 2, small: the request, byte by byte
 *
 * In: a path such as `/v1.41/exec/fc9c…/start`, and a body, which is JSON.
 *
 * Out: the whole request as text: the request line, the headers, the empty line, the body. The
 * headers are Host, Connection, Upgrade, Content-Type and Content-Length.
 *
 * You are done when a daemon that gets these bytes, and nothing else, answers 101.
 *
 * @module
 */

import { notWritten } from '../../../src/judging/not-written.ts'

/** The request, yours. */
export function startRequest(path: string, body: string): string {
  // YOUR CODE
  // Lines of HTTP end in a way of their own, and Content-Length counts bytes.
  throw notWritten('2 start-head', path, body)
}
