/**
 * Loads the workbook's TypeScript:
 *
 *     node -r ./src/process/typescript.cjs -- chapters/commands/chapter.ts 4
 *
 * tsx compiles it. But starting tsx and finding a hundred modules takes longer
 * than a whole `docker exec`, so this file remembers what tsx made of each
 * module, and where each import led. It keeps that in `.cache/` in the
 * project's folder, in one file for each program. If a module has changed,
 * tsx compiles it again. If the folder cannot be written, tsx compiles
 * everything at every start.
 *
 * @module
 */

'use strict'

const {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs')
const Module = require('node:module')
const { isBuiltin } = Module
const { basename, extname, join, sep } = require('node:path')

const root = join(__dirname, '..', '..')
const folder = join(root, '.cache')
const program = basename(process.argv[1] ?? 'none')
const store = join(folder, `${program}-${process.versions.node}`)

const [odd] = (sep === '/' ? /[?\\]/ : /[?]/).exec(root) ?? []
if (odd) {
  console.error(`tsx cannot run in a folder with ${odd} in its path: move the workbook.`)
  process.exit(1)
}

/** The learner's own files are compiled at every start. */
const ownFiles = join(root, 'chapters', 'mine') + sep

const endings = ['.ts', '.js', '.mjs', '.cjs']

/** A file changed less than this long ago may change again unnoticed. */
const settled = 2000

/**
 * @typedef {object} Index
 * @property {Record<string, { is: string, at: number, size: number }>} files
 * by path: what identified the file, and where its JavaScript stands in the
 * code
 * @property {Record<string, Record<string, string>>} imports by the path of
 * the module and the text in its import: the path of the imported module
 * @property {number} size the length of the code in bytes
 */

/** The store is one line of JSON and then the code of all modules. */
function readStore() {
  try {
    const bytes = readFileSync(store)
    const end = bytes.indexOf('\n')
    /** @type {Index} */
    const index = JSON.parse(bytes.toString('utf8', 0, end))
    const code = bytes.subarray(end + 1)
    if (index.files && index.imports && code.length === index.size) return { ...index, code }
  } catch {
    // There is none yet, or a process was killed while it wrote it.
  }
  return { files: {}, imports: {}, code: Buffer.alloc(0) }
}

/**
 * Identifies the content of a file without reading it, and says when it
 * changed, in milliseconds. A file that is gone has no content.
 */
function identify(file) {
  const status = statSync(file, { bigint: true, throwIfNoEntry: false })
  if (!status) return { is: '', changed: 0 }
  const { ino, size, mtimeNs, ctimeNs, ctimeMs } = status
  return { is: `${ino} ${size} ${mtimeNs} ${ctimeNs}`, changed: Number(ctimeMs) }
}

const { files, imports, code } = readStore()

/** What this process has compiled, by path. */
const compiled = new Map()

/** The modules of this process that came from the store. */
const unchanged = new Set()

// How Node finds and loads modules, and then how tsx does.
let find = Module._resolveFilename
let loaders = { ...Module._extensions }
let hasTsx = false

/** Finds the file that an import means. */
function findModule(request, parent, ...rest) {
  const from = parent?.filename
  const known = unchanged.has(from) ? imports[from]?.[request] : undefined
  if (known && (isBuiltin(known) || existsSync(known))) return known
  const found = find.call(this, request, parent, ...rest)
  if (from) {
    imports[from] ??= {}
    imports[from][request] = found
  }
  return found
}

/** Loads a module from the store, or else with tsx. */
function loadModule(module, file) {
  const { is, changed } = identify(file)
  const known = files[file]
  if (known?.is === is) {
    unchanged.add(file)
    module._compile(code.toString('utf8', known.at, known.at + known.size), file)
    return
  }
  startTsx()
  const compile = module._compile
  module._compile = function (text, ...rest) {
    const isSettled = Date.now() - changed > settled
    if (isSettled && !file.startsWith(ownFiles)) compiled.set(file, { is, text })
    return compile.call(this, text, ...rest)
  }
  const load = loaders[extname(file)] ?? loaders['.js']
  load(module, file)
}

function startTsx() {
  if (hasTsx) return
  hasTsx = true
  // tsx must find Node's own functions, and not ours, to build on.
  Module._resolveFilename = find
  for (const ending of endings) delete Module._extensions[ending]
  Object.assign(Module._extensions, loaders)
  require('tsx/cjs')
  find = Module._resolveFilename
  loaders = { ...Module._extensions }
  takeOver()
}

function takeOver() {
  Module._resolveFilename = findModule
  for (const ending of endings) Module._extensions[ending] = loadModule
}

/** Writes the store anew, without files that have changed or are gone. */
function writeStore() {
  if (compiled.size === 0) return
  const parts = []
  /** @type {Index} */
  const index = { files: {}, imports: {}, size: 0 }
  const add = (file, is, text) => {
    const bytes = Buffer.from(text)
    index.files[file] = { is, at: index.size, size: bytes.length }
    index.imports[file] = imports[file]
    index.size += bytes.length
    parts.push(bytes)
  }
  for (const [file, { is, at, size }] of Object.entries(files)) {
    if (!compiled.has(file) && identify(file).is === is) add(file, is, code.subarray(at, at + size))
  }
  for (const [file, { is, text }] of compiled) add(file, is, text)
  const part = `${store}.${process.pid}`
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(part, Buffer.concat([Buffer.from(`${JSON.stringify(index)}\n`), ...parts]))
    renameSync(part, store)
  } catch {
    // The folder cannot be written, so the next start needs tsx again.
    if (existsSync(part)) rmSync(part)
  }
}

process.setSourceMapsEnabled(true)
takeOver()
process.on('exit', writeStore)
