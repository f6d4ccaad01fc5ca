/**
 * What can be wrong with a daemon that answers: the image, the sandbox, the exec.
 *
 * @module
 */

import type { KnownFailure } from './failures.ts'
import { everywhere } from './same-fix.ts'

const noRoomNetwork =
  'Without network: docker save -o busybox.tar busybox on another machine, docker load -i busybox.tar here.'
const engineLog = {
  linux: 'Read the daemon’s sentence above. More is in its log: journalctl -u docker -n 50',
  darwin: 'Read the daemon’s sentence above. If it makes no sense, restart the engine.',
  win32: 'Read the daemon’s sentence above. If it makes no sense, restart Docker Desktop.',
}

/** Failures of what the doctor tries on a daemon. */
export const execFailures = [
  {
    name: 'no-image',
    means: 'The engine has no image with a shell to make a sandbox from.',
    fix: everywhere(`docker pull busybox, or npm run doctor -- --pull. ${noRoomNetwork}`),
  },
  {
    name: 'image-not-there',
    means: 'The image that --image names is not on this engine.',
    fix: everywhere(`docker pull it, or leave --image out. ${noRoomNetwork}`),
  },
  {
    name: 'image-without-shell',
    means: 'The image that --image names has no sh, so nothing in it can wait for an exec.',
    fix: everywhere('Leave --image out, or name busybox or alpine.'),
  },
  {
    name: 'pull-failed',
    means: 'The image could not be downloaded: no network, a proxy, a limit of the registry.',
    fix: everywhere(
      `The engine needs the proxy, not your shell: see its settings. ${noRoomNetwork}`,
    ),
  },
  {
    name: 'sandbox-refused',
    means: 'The engine could not make or start a container.',
    fix: engineLog,
  },
  {
    name: 'exec-refused',
    means: 'The daemon did not write the exec down: it answered something else than 201.',
    fix: engineLog,
  },
  {
    name: 'upgrade-dropped',
    means:
      'The start was answered with 200 and not with 101: a proxy on the way has removed the Upgrade header, and the session cannot be used.',
    fix: everywhere(
      'Go around the proxy: point DOCKER_HOST at the daemon itself, and add its name to NO_PROXY. In the proxy, let Connection and Upgrade pass (nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade").',
    ),
  },
  {
    name: 'start-refused',
    means: 'The daemon has the exec and did not start it.',
    fix: engineLog,
  },
  {
    name: 'output-missing',
    means: 'The command was started, and what it writes did not arrive whole.',
    fix: everywhere(
      'Something on the way holds bytes back, most often a proxy that waits for the end of a body: point DOCKER_HOST at the daemon itself.',
    ),
  },
  {
    name: 'resize-refused',
    means:
      'The daemon did not take the size of a window. Sessions work; programs that draw believe in another size.',
    fix: engineLog,
  },
  {
    name: 'exit-code-wrong',
    means: 'The daemon did not tell with which exit code the command ended.',
    fix: engineLog,
  },
  {
    name: 'sandbox-left',
    means: 'The sandbox could not be removed. It ends by itself after four hours.',
    fix: everywhere('docker ps -a --filter label=docker-exec-workbook, then docker rm -f NAME'),
  },
] as const satisfies readonly KnownFailure[]
