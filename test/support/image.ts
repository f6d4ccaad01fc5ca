/**
 * Builds an image without a registry: a tar archive with a static busybox,
 * links for its applets, and the files that name its users. The engine
 * imports it.
 *
 * @module
 */

import { execFileSync } from 'node:child_process'
import { readFileSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { call, callOrThrow } from './api.ts'

/**
 * The image that we import if the engine has none, and remove at the end. Podman 4 ignores the
 * tag of an import, and always uses `latest`.
 */
const ownImage = { repository: 'workbook/busybox', tag: 'latest' } as const

const blockLength = 512

type Entry =
  | { readonly kind: 'folder'; readonly path: string; readonly mode: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | {
      readonly kind: 'file'
      readonly path: string
      readonly mode: number
      readonly bytes: Uint8Array
    }

/**
 * A file system in a tar archive, or the reason why it can't be built, and a
 * fix.
 */
export type PackedImage =
  | { readonly bytes: Buffer }
  | { readonly reason: string; readonly fix: string }

/**
 * Finds an image with a shell on an engine, or imports one.
 *
 * @param releases - gets what removes an imported image
 * @returns its name, or why there is none
 */
export async function prepareImage(
  host: string,
  releases: (() => Promise<void>)[],
): Promise<string | { readonly reason: string; readonly fix: string }> {
  const images = JSON.parse(await callOrThrow(host, 'GET', '/images/json')) as {
    RepoTags: string[] | null
  }[]
  // Podman lists every tag with its registry.
  const tags = images
    .flatMap((image) => image.RepoTags ?? [])
    .map((tag) => tag.replace(/^(docker\.io|localhost)\//, ''))
  for (const repository of ['workbook/busybox', 'busybox', 'alpine']) {
    const local = tags.find((tag) => tag.startsWith(`${repository}:`))
    if (local !== undefined) return local
  }

  const archive = packBusybox()
  if ('reason' in archive) {
    return {
      reason: `the engine at ${host} has no busybox or alpine image, and ${archive.reason}`,
      fix: `${archive.fix}, or docker pull busybox`,
    }
  }
  const { repository, tag } = ownImage
  const image = `${repository}:${tag}`
  // An import answers 200 before it starts. If it fails, a line of the body
  // says so.
  const query = `fromSrc=-&repo=${repository}&tag=${tag}`
  const progress = await callOrThrow(host, 'POST', `/images/create?${query}`, archive.bytes)
  if (progress.includes('"error"')) throw new Error(`could not import ${image}: ${progress}`)
  releases.push(async () => {
    await call(host, 'DELETE', `/images/${image}?force=1`)
  })
  return image
}

/** Packs the installed busybox into a file system for a container. */
export function packBusybox(): PackedImage {
  const fix = 'apt-get install -y --no-install-recommends busybox-static'
  const path = findOnPath('busybox')
  if (!path) return { reason: 'no busybox is installed to make an image from', fix }
  const busybox = readFileSync(path)
  if (!isStatic(busybox)) return { reason: `${path} is not a static binary`, fix }

  const applets = execFileSync(path, ['--list'], { encoding: 'utf8' }).split('\n')
  const folders = ['bin', 'dev', 'etc', 'proc', 'root', 'sys']
  const passwd = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/tmp:/bin/sh\n'
  const group = 'root:x:0:\nnobody:x:65534:\n'
  return {
    bytes: packTar([
      ...folders.map((name) => ({ kind: 'folder', path: `${name}/`, mode: 0o755 }) as const),
      { kind: 'folder', path: 'tmp/', mode: 0o1777 },
      { kind: 'file', path: 'etc/passwd', mode: 0o644, bytes: Buffer.from(passwd) },
      { kind: 'file', path: 'etc/group', mode: 0o644, bytes: Buffer.from(group) },
      { kind: 'file', path: 'bin/busybox', mode: 0o755, bytes: busybox },
      ...applets
        .filter((name) => name !== '' && name !== 'busybox')
        .map((name) => ({ kind: 'link', path: `bin/${name}`, target: 'busybox' }) as const),
    ]),
  }
}

/** Finds a command on the PATH. */
export function findOnPath(command: string, path = process.env.PATH): string | undefined {
  for (const folder of (path ?? '').split(delimiter)) {
    if (folder === '') continue
    try {
      return realpathSync(join(folder, command))
    } catch {
      // It isn't in this folder: try the next one.
    }
  }
  return undefined
}

/**
 * Whether an ELF file is statically linked. A dynamic one names its
 * interpreter in a program header of type 3.
 */
function isStatic(program: Buffer): boolean {
  const isElf = program.length > 64 && program.readUInt32BE(0) === 0x7f454c46
  const is64Bit = isElf && program[4] === 2 && program[5] === 1
  if (!is64Bit) return false
  const tableStart = Number(program.readBigUInt64LE(32))
  const entryLength = program.readUInt16LE(54)
  const entries = program.readUInt16LE(56)
  for (let index = 0; index < entries; index += 1) {
    if (program.readUInt32LE(tableStart + index * entryLength) === 3) return false
  }
  return true
}

function packTar(entries: readonly Entry[]): Buffer {
  const blocks: Uint8Array[] = []
  for (const entry of entries) {
    blocks.push(tarHeader(entry))
    if (entry.kind !== 'file') continue
    blocks.push(entry.bytes)
    const rest = entry.bytes.length % blockLength
    if (rest > 0) blocks.push(new Uint8Array(blockLength - rest))
  }
  // Two zero-filled blocks end an archive.
  blocks.push(new Uint8Array(2 * blockLength))
  return Buffer.concat(blocks)
}

function tarHeader(entry: Entry): Buffer {
  const header = Buffer.alloc(blockLength)
  const octal = (value: number, at: number, length: number): void => {
    header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at)
  }
  header.write(entry.path, 0)
  octal(entry.kind === 'link' ? 0o777 : entry.mode, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(entry.kind === 'file' ? entry.bytes.length : 0, 124, 12)
  octal(0, 136, 12)
  header.write({ file: '0', link: '2', folder: '5' }[entry.kind], 156)
  if (entry.kind === 'link') header.write(entry.target, 157)
  header.write('ustar\x0000', 257)

  // The checksum is computed with its own field filled with spaces.
  header.fill(' ', 148, 156)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}
