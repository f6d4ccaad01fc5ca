/**
 * Where the rules of the grammar are written down: permanent links.
 *
 * @module
 */

/** A permanent link. */
export type Source = { readonly title: string; readonly url: string }

const github = (repository: string, commit: string, path: string): string =>
  `https://github.com/${repository}/blob/${commit}/${path}`

/** Returns a section of an RFC. */
export function rfc(number: number, section: string): Source {
  return {
    title: `RFC ${number}, section ${section}`,
    url: `https://www.rfc-editor.org/rfc/rfc${number}#section-${section}`,
  }
}

const mobyCommit = 'b985e2313a8676e18072b442911fc8f64f17d440'

function moby(title: string, path: string): Source {
  return { title, url: github('moby/moby', mobyCommit, path) }
}

/** Docker's description of its API, by operation. */
export const api = {
  create: moby('Docker’s API: create an exec', 'api/swagger.yaml#L11152-L11258'),
  start: moby('Docker’s API: start an exec', 'api/swagger.yaml#L11260-L11313'),
  resize: moby('Docker’s API: resize an exec', 'api/swagger.yaml#L11315-L11353'),
  inspect: moby('Docker’s API: inspect an exec', 'api/swagger.yaml#L11354-L11420'),
  container: moby('Docker’s API: inspect a container', 'api/swagger.yaml#L8602-L8640'),
  id: moby('Docker’s API: IDResponse', 'api/swagger.yaml#L3289-L3300'),
  error: moby('Docker’s API: ErrorResponse', 'api/swagger.yaml#L3277-L3287'),
  frames: moby('Docker’s API: stream format', 'api/swagger.yaml#L9284-L9320'),
  raw: moby('Docker’s API: stream format with a TTY', 'api/swagger.yaml#L9322-L9328'),
} as const

/** Places in Docker's source. */
export const docker = {
  upgrade: moby('moby, postContainerExecStart', 'daemon/server/router/container/exec.go#L110-L128'),
  versionHeaders: moby('moby, version.go', 'daemon/server/middleware/version.go#L69-L71'),
  experimental: moby('moby, experimental.go', 'daemon/server/middleware/experimental.go#L25'),
  writeJson: moby('moby, WriteJSON', 'daemon/server/httputils/httputils.go#L93-L95'),
  dummyHost: moby('moby, DummyHost', 'client/client.go#L76-L104'),
  streams: moby('moby, stdcopy.go', 'api/pkg/stdcopy/stdcopy.go#L13-L24'),
  halfClose: moby('moby, CloseWrite', 'client/hijack.go#L126-L131'),
} as const

const podmanCommit = 'c6580b4a5219c9efb9ab79a540637d8a58b736f8'

/** Places in Podman's source. */
export const podman = {
  versionHeaders: {
    title: 'podman, handler_api.go',
    url: github('containers/podman', podmanCommit, 'pkg/api/server/handler_api.go#L50-L52'),
  },
  reference: {
    title: 'podman, handler_rid.go',
    url: github('containers/podman', podmanCommit, 'pkg/api/server/handler_rid.go#L29-L39'),
  },
} as const

/** What terminals send and understand. */
export const terminals = {
  sequences: {
    title: 'xterm, control sequences',
    url: github(
      'ThomasDickey/xterm-snapshots',
      '086133a8eb715a880c41bc67b5f1c8d1fa834cdd',
      'ctlseqs.txt',
    ),
  },
  lineDiscipline: {
    title: 'Linux, termios(3)',
    url: github('mkerrisk/man-pages', '6e00b7a858ed817de14433bcc94a34d1edea2f9c', 'man3/termios.3'),
  },
  ascii: rfc(20, '5.2'),
  utf8: rfc(3629, '3'),
} as const
