/**
 * The known failures: what each one means, and how to fix it on each system.
 * The doctor looks them up by name, and `docs/workshop.md` prints the whole
 * list.
 *
 * @module
 */

import { codeOf, Failure } from '../process/failure.ts'

/** A system with fixes of its own. */
export type System = 'linux' | 'darwin' | 'win32'

/** A known failure. */
export type KnownFailure = {
  /** `permission-denied` */
  readonly name: FailureName
  /** What it means, in a sentence or two. */
  readonly meaning: string
  /** What to do, with a command if there is one. */
  readonly fix: Readonly<Record<System, string>>
}

/**
 * One fix for all systems, one for Windows and one for the rest, or three.
 */
type Fix =
  | string
  | { readonly unix: string; readonly win32: string }
  | Readonly<Record<System, string>>

const offline =
  'Without a network: docker save -o busybox.tar busybox on another machine, then docker load -i busybox.tar here.'

const ownTerminal =
  'Run it in the foreground of an ordinary terminal. An editor’s built-in console may not support raw mode; --no-tty works there.'

const engineLog = {
  linux: 'Read the daemon’s message above. Its log has more: journalctl -u docker -n 50',
  darwin: 'Read the daemon’s message above. If it does not help, restart the engine.',
  win32: 'Read the daemon’s message above. If it does not help, restart Docker Desktop.',
}

/** All failures, in the order in which the doctor checks for them. */
const table = {
  'node-too-old': {
    means: 'The workbook uses functions that this version of Node.js does not have.',
    fix: {
      linux: 'Install Node.js 20 or newer: nvm install 20, or a package from nodejs.org.',
      darwin: 'Install Node.js 20 or newer: brew install node, or nvm install 20.',
      win32: 'Install Node.js 20 or newer: winget install OpenJS.NodeJS.LTS, then a new window.',
    },
  },
  'packages-missing': {
    means:
      'A package that the workbook needs is missing from node_modules, or is the wrong version.',
    fix: 'In the workbook’s folder: npm ci --loglevel=error',
  },
  'pty-binding-missing': {
    means:
      'The optional package for pseudo-terminals is missing. Only the practice daemon and the tests need it. Without it, the practice daemon runs commands without a terminal.',
    fix: {
      unix: 'npm ci --include=optional --loglevel=error. If your system has no prebuilt binding, add --no-tty to --practice.',
      win32: 'Add --no-tty to --practice: on Windows the practice daemon has no pseudo-terminals.',
    },
  },
  'path-conversion': {
    means:
      'Git Bash and similar shells turn an argument such as /bin/sh into a Windows path before the workbook sees it.',
    fix: 'export MSYS_NO_PATHCONV=1, or use PowerShell, or write //bin/sh.',
  },
  mintty: {
    means:
      'This is mintty, the window of Git Bash. To a program built outside MSYS it looks like a pipe, so raw mode and window sizes do not work.',
    fix: 'Use Windows Terminal or PowerShell, or put winpty before the command.',
  },
  'no-stty': {
    means:
      'The stty command is missing. Without it, Node.js sets raw mode but leaves output processing on, so each newline in a session is translated twice.',
    fix: {
      linux: 'Install it: coreutils (apt-get install coreutils) and busybox both have it.',
      darwin: 'It is /bin/stty: add /bin back to PATH.',
      win32: 'Nothing: Windows has no stty, and its console does not need it.',
    },
  },
  'raw-mode-refused': {
    means:
      'The terminal did not switch to raw mode. Keys arrive line by line, and chapters 4 to 7 show misleading results.',
    fix: { unix: ownTerminal, win32: 'Use Windows Terminal, or --no-tty.' },
  },
  'terminal-not-restored': {
    means: 'Raw mode was switched off, but the terminal’s modes differ from those before.',
    fix: {
      unix: 'npm run rescue, or stty sane. If Enter does nothing, end the line with Ctrl-J.',
      win32: 'Close the window and open a new one.',
    },
  },
  'window-size-unknown': {
    means:
      'The terminal reports no columns or no rows. The size of the window is unknown, and chapter 6 has nothing to send.',
    fix: { unix: 'stty rows 24 cols 80', win32: 'Use Windows Terminal.' },
  },
  'address-malformed': {
    means: 'The daemon’s address is malformed, so the workbook did not try to connect.',
    fix: {
      unix: 'Write it as unix:///path/to/docker.sock, tcp://host:2375 or ssh://user@host, or unset DOCKER_HOST to use the default socket.',
      win32:
        'Write it as npipe:////./pipe/docker_engine or tcp://host:2375, or remove it: Remove-Item Env:DOCKER_HOST',
    },
  },
  'ssh-failed': {
    means:
      'The address goes through ssh, and ssh ended before the daemon answered. It runs without a terminal, as in docker, so it can’t ask for a password or about an unknown host.',
    fix: 'ssh USER@HOST docker version must work without a question: connect once to accept the host, add your key with ssh-add, and install docker on the host.',
  },
  'context-missing': {
    means: 'The chosen docker context does not exist, or has no address.',
    fix: 'docker context ls lists the contexts; docker context use default selects the default one.',
  },
  'host-unknown': {
    means: 'The host name in the address cannot be resolved.',
    fix: 'Check the name in DOCKER_HOST, and whether you need a VPN.',
  },
  'chosen-not-there': {
    means:
      'You chose a daemon, but nothing listens at its address. The workbook never replaces a chosen daemon with another one, so the chapters stop here too.',
    fix: {
      unix: 'Start that daemon, or unset DOCKER_HOST and let the workbook look for one.',
      win32: 'Start that daemon, or Remove-Item Env:DOCKER_HOST and let the workbook look for one.',
    },
  },
  'docker-not-started': {
    means: 'The socket file exists but nothing is listening on it: the daemon has stopped.',
    fix: {
      linux: 'sudo systemctl start docker (without systemd: sudo service docker start)',
      darwin: 'Start Docker Desktop (open -a Docker), or colima start.',
      win32: 'Start Docker Desktop and wait until the whale icon stops moving.',
    },
  },
  'rootless-docker-not-started': {
    means: 'The socket file of your rootless Docker exists but nothing is listening on it.',
    fix: {
      linux: 'systemctl --user start docker',
      darwin: 'Rootless Docker is for Linux: start Docker Desktop or Colima here.',
      win32: 'Rootless Docker is for Linux: start Docker Desktop here.',
    },
  },
  'docker-desktop-not-started': {
    means: 'Docker Desktop is installed but not running.',
    fix: {
      linux: 'systemctl --user start docker-desktop',
      darwin: 'open -a Docker, and wait until the whale icon stops moving.',
      win32: 'Start Docker Desktop and wait until the whale icon stops moving.',
    },
  },
  'colima-not-started': {
    means: 'Colima is installed, but its virtual machine is not running.',
    fix: {
      unix: 'colima start',
      win32: 'Colima is for macOS and Linux: start Docker Desktop here.',
    },
  },
  'orbstack-not-started': {
    means: 'OrbStack is installed but not running.',
    fix: {
      linux: 'OrbStack is for macOS: sudo systemctl start docker here.',
      darwin: 'open -a OrbStack',
      win32: 'OrbStack is for macOS: start Docker Desktop here.',
    },
  },
  'rancher-desktop-not-started': {
    means: 'Rancher Desktop is installed but not running.',
    fix: 'rdctl start, with dockerd (moby) as the container engine.',
  },
  'podman-not-started': {
    means: 'A Podman socket file exists but nothing is listening on it.',
    fix: {
      linux:
        'systemctl --user enable --now podman.socket (for root: sudo systemctl enable --now podman.socket)',
      darwin: 'podman machine start',
      win32: 'podman machine start',
    },
  },
  'permission-denied': {
    means: 'The socket exists, but you do not have permission to open it.',
    fix: {
      linux:
        'Join the group that owns it: sudo usermod -aG docker $USER, then log in again (newgrp docker in this window only). Or use rootless Docker or Podman.',
      darwin:
        'Docker Desktop: Settings, Advanced, allow the default socket. Colima: point DOCKER_HOST at the socket in ~/.colima/default.',
      win32:
        'Join the group: net localgroup docker-users %USERNAME% /add as administrator, then log in again.',
    },
  },
  'no-answer': {
    means: 'Nothing at the address answers: a firewall blocks it, or the daemon hangs.',
    fix: {
      linux: 'sudo systemctl restart docker. Over a network: check the port and the firewall.',
      darwin: 'Restart Docker Desktop, or colima restart. Over a network: check the firewall.',
      win32: 'Restart Docker Desktop. Over a network: check the port and the firewall.',
    },
  },
  'not-an-engine': {
    means:
      'The server at this address is not a container engine. It may be a proxy, a login page or another service.',
    fix: 'Check the address in DOCKER_HOST, and whether a proxy or a login page answers instead of the daemon.',
  },
  'tls-wanted': {
    means:
      'The server does not speak plain HTTP. The port may expect TLS, or belong to another service.',
    fix: {
      unix: 'export DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=FOLDER, where FOLDER has ca.pem, cert.pem and key.pem.',
      win32:
        '$env:DOCKER_TLS_VERIFY = 1; $env:DOCKER_CERT_PATH = "FOLDER", where FOLDER has ca.pem, cert.pem and key.pem.',
    },
  },
  'tls-refused': {
    means:
      'TLS negotiation failed: the server speaks plain HTTP, its certificate is not trusted or is for another name, or it wants a client certificate. DOCKER_TLS_VERIFY, DOCKER_TLS or a context turned TLS on.',
    fix: 'Check that DOCKER_CERT_PATH has the ca.pem, cert.pem and key.pem of this daemon. If the daemon does not use TLS, unset DOCKER_TLS_VERIFY and DOCKER_TLS.',
  },
  'connection-broken': {
    means: 'The connection broke before an answer arrived.',
    fix: {
      linux: 'Read the daemon’s log: journalctl -u docker -n 50',
      darwin: 'Restart the engine. Its log: Docker Desktop, Troubleshoot; or colima ssh.',
      win32: 'Restart Docker Desktop. Its log: Troubleshoot, Get support.',
    },
  },
  'api-version-refused': {
    means:
      'The daemon does not support the API version that the workbook uses: it is too old, too new, or fixed by DOCKER_API_VERSION.',
    fix: {
      unix: 'unset DOCKER_API_VERSION. If it is not set, update the engine: its API must be 1.24 or newer.',
      win32:
        'Remove-Item Env:DOCKER_API_VERSION. If it is not set, update the engine: its API must be 1.24 or newer.',
    },
  },
  'windows-containers': {
    means: 'The engine runs Windows containers, but the workbook needs Linux containers.',
    fix: {
      unix: 'Point DOCKER_HOST at an engine on Linux.',
      win32: 'In Docker Desktop’s menu: Switch to Linux containers.',
    },
  },
  'no-engine': {
    means: 'No container engine answers on this machine.',
    fix: {
      linux:
        'sudo systemctl start docker, or systemctl --user enable --now podman.socket; to install one: sudo apt-get install docker.io',
      darwin:
        'open -a Docker, colima start, or podman machine start; to install one: brew install colima docker',
      win32:
        'Start Docker Desktop, or podman machine start; to install one: winget install Docker.DockerDesktop',
    },
  },
  'no-image': {
    means: 'The engine has no image with a shell, so we cannot create a sandbox.',
    fix: `docker pull busybox, or npm run doctor -- --pull. ${offline}`,
  },
  'image-not-there': {
    means: 'The engine does not have the image that --image names.',
    fix: `docker pull the image, or leave out --image. ${offline}`,
  },
  'image-without-shell': {
    means: 'The image that --image names has no sh, which a sandbox needs.',
    fix: 'Leave out --image, or name busybox or alpine.',
  },
  'pull-failed': {
    means: 'The engine could not download the image: no network, a proxy, or a registry limit.',
    fix: `Set the proxy for the engine, not for your shell: see the engine’s settings. ${offline}`,
  },
  'sandbox-refused': {
    means: 'The engine could not create or start a container.',
    fix: engineLog,
  },
  'exec-refused': {
    means: 'The daemon did not create the exec: its status was not 201.',
    fix: engineLog,
  },
  'upgrade-dropped': {
    means:
      'The daemon answered the start with 200 instead of 101: a proxy in between removed the Upgrade header, so there is no session.',
    fix: 'Bypass the proxy: point DOCKER_HOST at the daemon itself, and add its name to NO_PROXY. Or let the proxy pass Connection and Upgrade (nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection "upgrade").',
  },
  'start-refused': {
    means: 'The daemon created the exec but did not start it.',
    fix: engineLog,
  },
  'output-missing': {
    means: 'The command started, but its output did not arrive completely.',
    fix: 'Something in between holds bytes back, usually a proxy that buffers the whole body. Point DOCKER_HOST at the daemon itself.',
  },
  'resize-refused': {
    means:
      'The daemon rejected the window size. Sessions work, but full-screen programs draw at the wrong size.',
    fix: engineLog,
  },
  'exit-code-wrong': {
    means: 'The daemon did not report the command’s exit code.',
    fix: engineLog,
  },
  'sandbox-left': {
    means: 'The sandbox could not be removed. It stops on its own after four hours.',
    fix: 'docker ps -a --filter label=docker-exec-workbook, then docker rm -f NAME',
  },
  'practice-daemon-failed': {
    means: 'The practice daemon, which does not need Docker, did not start or did not answer.',
    fix: {
      linux:
        'Its folder is created in TMPDIR or /tmp: check that there is space, and that the path is short (a socket path has at most 107 bytes). Then npm ci --loglevel=error',
      darwin:
        'Its folder is created in TMPDIR: check that there is space, and that the path is short (a socket path has at most 103 bytes; TMPDIR=/tmp helps). Then npm ci --loglevel=error',
      win32: 'Check that there is space in %TEMP%. Then npm ci --loglevel=error',
    },
  },
} as const satisfies Readonly<Record<string, { means: string; fix: Fix }>>

/** The name of a failure: `permission-denied`. */
export type FailureName = keyof typeof table

/** Every failure, in the order in which the doctor checks for them. */
export const failures: readonly KnownFailure[] = Object.keys(table).map((name) =>
  failureNamed(name as FailureName),
)

/** Looks up a failure. */
export function failureNamed(name: FailureName): KnownFailure {
  const { means, fix }: { means: string; fix: Fix } = table[name]
  if (typeof fix === 'string')
    return { name, meaning: means, fix: { linux: fix, darwin: fix, win32: fix } }
  if (!('unix' in fix)) return { name, meaning: means, fix }
  return { name, meaning: means, fix: { linux: fix.unix, darwin: fix.unix, win32: fix.win32 } }
}

/**
 * Returns the system whose fixes to show. Systems that we don't know get
 * those of Linux.
 */
export function systemOf(platform: NodeJS.Platform): System {
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux'
}

/** The failures that system errors mean for a chosen daemon. */
const byCode: Readonly<Record<string, FailureName>> = {
  ENOENT: 'chosen-not-there',
  ENOTDIR: 'chosen-not-there',
  ENOTSOCK: 'chosen-not-there',
  ECONNREFUSED: 'chosen-not-there',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
  ENOTFOUND: 'host-unknown',
  EAI_AGAIN: 'host-unknown',
  ETIMEDOUT: 'no-answer',
  EHOSTUNREACH: 'no-answer',
  ENETUNREACH: 'no-answer',
  UND_ERR_HEADERS_TIMEOUT: 'no-answer',
}

/** Names the failure that kept us from reaching a chosen daemon. */
export function failureOfError(error: unknown): FailureName {
  // Reading a certificate fails before we connect, with a system error.
  if (!(error instanceof Failure)) return 'tls-refused'
  if (error.cause === undefined) return failureOfMessage(error.message)
  const code = codeOf(error.cause)
  if (byCode[code]) return byCode[code]
  if (/^(ERR_(SSL|TLS)|EPROTO|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code)) {
    return 'tls-refused'
  }
  if (/^(command \[ssh |exec: "ssh")/.test((error.cause as Error).message)) return 'ssh-failed'
  return (error.cause as Error).name === 'HTTPParserError' ? 'tls-wanted' : 'connection-broken'
}

/** A failure without a cause is about the address, or about an answer. */
function failureOfMessage(sentence: string): FailureName {
  if (/: context "|names no docker host/.test(sentence)) return 'context-missing'
  if (/^Failed to initialize: /.test(sentence)) return 'address-malformed'
  if (/HTTP request to an HTTPS/.test(sentence)) return 'tls-wanted'
  if (/client version .* too (old|new)/.test(sentence)) return 'api-version-refused'
  return 'not-an-engine'
}

/**
 * The failure of an installed engine that is not running, by the name of its
 * place.
 */
export const notStartedFailures: Readonly<Record<string, FailureName>> = {
  'rootless Docker': 'rootless-docker-not-started',
  'Docker Desktop': 'docker-desktop-not-started',
  Colima: 'colima-not-started',
  OrbStack: 'orbstack-not-started',
  'Rancher Desktop': 'rancher-desktop-not-started',
  'rootless Podman': 'podman-not-started',
  Podman: 'podman-not-started',
}
