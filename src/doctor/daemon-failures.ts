/**
 * What can be wrong between here and a daemon that answers.
 *
 * @module
 */

import type { KnownFailure } from './failures.ts'
import { everywhere } from './same-fix.ts'

/** Failures of an address, and of who listens there. */
export const daemonFailures = [
  {
    name: 'address-malformed',
    means: 'The address of the daemon makes no sense, so nobody was asked.',
    fix: {
      linux:
        'Write it as unix:///path/to/docker.sock or tcp://host:2375, or unset DOCKER_HOST to use the default socket.',
      darwin:
        'Write it as unix:///path/to/docker.sock or tcp://host:2375, or unset DOCKER_HOST to use the default socket.',
      win32:
        'Write it as npipe:////./pipe/docker_engine or tcp://host:2375, or remove it: Remove-Item Env:DOCKER_HOST',
    },
  },
  {
    name: 'address-over-ssh',
    means: 'The address goes through ssh, which docker speaks and this workbook does not.',
    fix: {
      linux:
        'Forward the socket: ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST, then export DOCKER_HOST=unix:///tmp/docker.sock',
      darwin:
        'Forward the socket: ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST, then export DOCKER_HOST=unix:///tmp/docker.sock',
      win32:
        'Forward a port: ssh -nNT -L 2375:/var/run/docker.sock HOST, then $env:DOCKER_HOST = "tcp://127.0.0.1:2375"',
    },
  },
  {
    name: 'context-missing',
    means: 'A docker context is chosen that does not exist, or that names no address.',
    fix: everywhere('docker context ls shows those that there are; docker context use default.'),
  },
  {
    name: 'host-unknown',
    means: 'The name in the address is known to no name server.',
    fix: everywhere('Check the name in DOCKER_HOST, and whether a VPN has to be on.'),
  },
  {
    name: 'chosen-not-there',
    means:
      'A daemon is chosen, and nothing is at that address. A choice is never passed over, so the chapters stop there too.',
    fix: {
      linux: 'Start that daemon, or unset DOCKER_HOST and let the workbook look for one.',
      darwin: 'Start that daemon, or unset DOCKER_HOST and let the workbook look for one.',
      win32: 'Start that daemon, or Remove-Item Env:DOCKER_HOST and let the workbook look for one.',
    },
  },
  {
    name: 'docker-not-started',
    means: 'The socket of Docker is there, and nobody listens on it: the daemon has ended.',
    fix: {
      linux: 'sudo systemctl start docker (without systemd: sudo service docker start)',
      darwin: 'Start Docker Desktop (open -a Docker), or colima start.',
      win32: 'Start Docker Desktop and wait until the whale stands still.',
    },
  },
  {
    name: 'rootless-docker-not-started',
    means: 'The socket of your rootless Docker is there, and nobody listens on it.',
    fix: {
      linux: 'systemctl --user start docker',
      darwin: 'Rootless Docker is for Linux: start Docker Desktop or Colima here.',
      win32: 'Rootless Docker is for Linux: start Docker Desktop here.',
    },
  },
  {
    name: 'docker-desktop-not-started',
    means: 'Docker Desktop has been here and does not run now.',
    fix: {
      linux: 'systemctl --user start docker-desktop',
      darwin: 'open -a Docker, and wait until the whale stands still.',
      win32: 'Start Docker Desktop and wait until the whale stands still.',
    },
  },
  {
    name: 'colima-not-started',
    means: 'Colima has been here, and its virtual machine does not run now.',
    fix: {
      linux: 'colima start',
      darwin: 'colima start',
      win32: 'Colima is for macOS and Linux: start Docker Desktop here.',
    },
  },
  {
    name: 'orbstack-not-started',
    means: 'OrbStack has been here and does not run now.',
    fix: {
      linux: 'OrbStack is for macOS: sudo systemctl start docker here.',
      darwin: 'open -a OrbStack',
      win32: 'OrbStack is for macOS: start Docker Desktop here.',
    },
  },
  {
    name: 'rancher-desktop-not-started',
    means: 'Rancher Desktop has been here and does not run now.',
    fix: {
      linux: 'rdctl start, with dockerd (moby) chosen as the container engine.',
      darwin: 'rdctl start, with dockerd (moby) chosen as the container engine.',
      win32: 'rdctl start, with dockerd (moby) chosen as the container engine.',
    },
  },
  {
    name: 'podman-not-started',
    means: 'A socket of Podman is there, and nobody listens on it.',
    fix: {
      linux:
        'systemctl --user enable --now podman.socket (for root: sudo systemctl enable --now podman.socket)',
      darwin: 'podman machine start',
      win32: 'podman machine start',
    },
  },
  {
    name: 'permission-denied',
    means: 'The socket is there and belongs to somebody else: you may not open it.',
    fix: {
      linux:
        'Join the group that owns it: sudo usermod -aG docker $USER, then log in again (newgrp docker in this window only). Or use rootless Docker or Podman.',
      darwin:
        'Docker Desktop: Settings, Advanced, allow the default socket. Colima: point DOCKER_HOST at the socket in ~/.colima/default.',
      win32:
        'Join the group: net localgroup docker-users %USERNAME% /add as administrator, then log in again.',
    },
  },
  {
    name: 'no-answer',
    means:
      'Somebody takes the connection or the way to them is blocked, and no answer comes: a firewall, or a daemon that hangs.',
    fix: {
      linux: 'sudo systemctl restart docker. Over a network: check the port and the firewall.',
      darwin: 'Restart Docker Desktop, or colima restart. Over a network: check the firewall.',
      win32: 'Restart Docker Desktop. Over a network: check the port and the firewall.',
    },
  },
  {
    name: 'not-an-engine',
    means:
      'What answers at the address is no container engine: a proxy, a login page, another service.',
    fix: everywhere(
      'Check the address in DOCKER_HOST, and whether a proxy or a login page stands before the daemon.',
    ),
  },
  {
    name: 'tls-wanted',
    means:
      'What listens does not speak plain HTTP. The port may want TLS, or be of another service.',
    fix: {
      linux:
        'export DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=FOLDER, with ca.pem, cert.pem and key.pem.',
      darwin:
        'export DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=FOLDER, with ca.pem, cert.pem and key.pem.',
      win32:
        '$env:DOCKER_TLS_VERIFY = 1; $env:DOCKER_CERT_PATH = "FOLDER", with ca.pem, cert.pem and key.pem.',
    },
  },
  {
    name: 'tls-refused',
    means:
      'TLS is asked for by DOCKER_TLS_VERIFY, DOCKER_TLS or a context, and the two sides did not agree: plain HTTP at the other end, a certificate that is not trusted or of another name, or none of ours.',
    fix: everywhere(
      'Check that ca.pem, cert.pem and key.pem are in DOCKER_CERT_PATH and belong to this daemon; for a daemon without TLS unset DOCKER_TLS_VERIFY and DOCKER_TLS.',
    ),
  },
  {
    name: 'connection-broken',
    means: 'The connection was made and broke before there was an answer.',
    fix: {
      linux: 'Look at the log of the daemon: journalctl -u docker -n 50',
      darwin: 'Restart the engine. Its log: Docker Desktop, Troubleshoot; or colima ssh.',
      win32: 'Restart Docker Desktop. Its log: Troubleshoot, Get support.',
    },
  },
  {
    name: 'api-version-refused',
    means:
      'The daemon does not speak the version of the API that we ask for: too old, too new, or fixed by DOCKER_API_VERSION.',
    fix: {
      linux:
        'unset DOCKER_API_VERSION. If it is not set, update the engine: its API must be 1.24 or newer.',
      darwin:
        'unset DOCKER_API_VERSION. If it is not set, update the engine: its API must be 1.24 or newer.',
      win32:
        'Remove-Item Env:DOCKER_API_VERSION. If it is not set, update the engine: its API must be 1.24 or newer.',
    },
  },
  {
    name: 'windows-containers',
    means: 'The engine runs Windows containers, and the workbook teaches with Linux ones.',
    fix: {
      linux: 'Point DOCKER_HOST at an engine on Linux.',
      darwin: 'Point DOCKER_HOST at an engine on Linux.',
      win32: 'In the menu of Docker Desktop: Switch to Linux containers.',
    },
  },
  {
    name: 'no-engine',
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
  {
    name: 'practice-daemon-failed',
    means: 'The practice daemon, which needs no Docker, did not start or did not answer.',
    fix: {
      linux:
        'Its folder is made below TMPDIR or /tmp: check that there is room, and that the path is short (a socket has at most 107 bytes). Then npm ci --loglevel=error',
      darwin:
        'Its folder is made below TMPDIR: check that there is room, and that the path is short (a socket has at most 103 bytes; TMPDIR=/tmp helps). Then npm ci --loglevel=error',
      win32: 'Check that there is room below %TEMP%. Then npm ci --loglevel=error',
    },
  },
] as const satisfies readonly KnownFailure[]
