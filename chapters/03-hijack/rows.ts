/**
 * What stands beside each declaration of chapter 3.
 *
 * @module
 */

import { in2015, today } from '../../src/questions/lesson.ts'
import type { Rows } from '../../src/questions/rows.ts'

/** The notes on the declarations of `stage.ts`. */
export const rows: Rows = {
  Framing: {
    docker: [
      today(
        'api/types/client.go',
        'MediaType',
        [28, 33],
        'Tells a caller how the stream is framed, from API 1.42 on. `docker exec` never calls it. Like ours, it decides by the `-t` of the command line.',
      ),
    ],
  },
  Hijacked: {
    docker: [
      today(
        'api/types/client.go',
        'HijackedResponse',
        [15, 19],
        'The connection and a buffered reader on it, which returns the early bytes first. Ours keeps the early bytes in a field of their own so that you can see them.',
      ),
    ],
  },
  keepAliveDelay: {
    scenes: ['keep-alive'],
    docker: [
      in2015(
        'api/client/hijack.go',
        'hijack',
        [158, 167],
        'The same 30 seconds. The option is set before the error of the dial is checked. That is harmless, because the type assertion fails if there is no connection.',
      ),
      today(
        'client/hijack.go',
        'setupHijackConn',
        [68, 76],
        'The same 30 seconds, after the error is checked.',
      ),
    ],
  },
  hijack: {
    scenes: ['upgrade'],
    state: ['wire', 'framing'],
    docker: [
      in2015(
        'api/client/hijack.go',
        'hijack',
        [174, 185],
        'Go’s `httputil.ClientConn` does the HTTP, and its `Hijack` returns the connection and the buffered reader. The status is not looked at.',
      ),
      today(
        'client/hijack.go',
        'setupHijackConn',
        [53, 104],
        'Checks the status, and returns a connection that gives the early bytes before the rest. It dials and sends the start in the same function, which ours did in chapter 2.',
      ),
    ],
  },
  takeEarlyBytes: {
    scenes: ['early bytes'],
    state: ['early'],
    docker: [
      in2015(
        'api/client/hijack.go',
        'hijack',
        [180, 181],
        '`br` is the buffered reader that has the early bytes. From here on all output is read from `br`, and `rwc` is only written to.',
      ),
      today(
        'client/hijack.go',
        'setupHijackConn',
        [90, 101],
        'Asks its own buffered reader whether bytes are left. If so, it returns the connection wrapped in that reader. If not, it returns the bare connection. Ours has no wrapper and passes the bytes on beside the socket.',
      ),
      today(
        'client/hijack.go',
        'hijackedConn',
        [110, 113],
        'The wrapper. A second type adds `CloseWrite`, and is used only if the connection below can half-close.',
      ),
    ],
  },
  isTcp: {
    docker: [
      in2015(
        'api/client/hijack.go',
        'tlsDialWithDialer',
        [80, 83],
        'With TLS the option is set here, on the connection below TLS. The type assertion in `hijack` is for a connection without TLS.',
      ),
      today(
        'client/hijack.go',
        'setupHijackConn',
        [73, 76],
        'Only this type assertion is left, and it fails for a TLS connection. There docker relies on the keep-alive that Go’s dialer turns on by default. Ours sets the 30 seconds with TLS, too.',
      ),
    ],
  },
  notUpgraded: {
    docker: [
      in2015(
        'api/client/hijack.go',
        'hijack',
        [177, 178],
        'There is no check: both results of the request are dropped. So the client reads the daemon’s message as if the command had written it.',
      ),
      today(
        'client/hijack.go',
        'setupHijackConn',
        [85, 88],
        'The same sentence, without the daemon’s reason: the body is closed unread.',
      ),
    ],
  },
}
