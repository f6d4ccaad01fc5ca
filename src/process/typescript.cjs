/**
 * Loads the workbook's TypeScript:
 *
 *     node -r ./src/process/typescript.cjs -- chapters/commands/chapter.ts 4
 *
 * tsx compiles it. But starting tsx and finding a hundred modules takes longer
 * than a whole `docker exec`, so this file remembers what tsx made of each
 * module, what V8 made of that, and where each import led. It keeps that in
 * `.cache/` in the project's folder, in one file for each program. If a module
 * has changed, tsx compiles it again, and if this file or the packages have,
 * it compiles all of them. If the folder cannot be written, tsx
 * compiles everything at every start.
 *
 * @module
 */

'use strict'

const {
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require('node:fs')
const Module = require('node:module')
const { isBuiltin } = Module
const { basename, dirname, extname, join, sep } = require('node:path')
const { Script } = require('node:vm')
const { isMainThread } = require('node:worker_threads')

const root = join(__dirname, '..', '..')
const folder = join(root, '.cache')
const program = isMainThread ? basename(process.argv[1] ?? 'none') : 'thread'
const store = join(folder, `${program}-${process.versions.node}`)

const [odd] = (sep === '/' ? /[?\\]/ : /[?]/).exec(root) ?? []
if (odd) {
  console.error(`tsx cannot run in a folder with ${odd} in its path: move the workbook.`)
  process.exit(1)
}

/**
 * Whether a file is the learner's own. Such files are compiled at every start,
 * and with their source map, because a verdict names the line of an error.
 */
const isOwn = (file) =>
  !file.startsWith(root + sep) || file.startsWith(join(root, 'chapters', 'mine') + sep)

const endings = ['.ts', '.js', '.mjs', '.cjs']

/** Bytecode cannot import a module while it runs. In a comment it may. */
const dynamicImport = /(?<![{.\w])import\(/

/** A file changed less than this long ago may change again unnoticed. */
const settled = 2000

/**
 * @typedef {object} Index
 * @property {Record<string, { is: string, bounds: number[] }>} files by path:
 * what identified the file, and the bounds of its parts in the store, in
 * bytes: its JavaScript, its bytecode, and its source map
 * @property {Record<string, Record<string, string>>} imports by the path of
 * the module and the text in its import: the path of the imported module
 * @property {number} size the length of all parts in bytes
 * @property {string} by what identified the files that decide how a store is
 * made
 */

/** The length of the number at the start of a store, in bytes. */
const headLength = 16

/**
 * The store is the length of its index, the index as JSON, and then the parts
 * of all modules. It stays open, because only a few of them are read.
 */
function openStore() {
  try {
    const file = openSync(store)
    const read = (position, length) => {
      const bytes = Buffer.allocUnsafe(length)
      readSync(file, bytes, 0, length, position)
      return bytes
    }
    const begin = headLength + Number(read(0, headLength))
    /** @type {Index} */
    const index = JSON.parse(read(headLength, begin - headLength))
    if (index.by === maker && fstatSync(file).size === begin + index.size) {
      return { ...index, read: (from, to) => read(begin + from, to - from) }
    }
  } catch {
    // There is none yet, or a process was killed while it wrote it.
  }
  return { files: {}, imports: {} }
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

/** A new version of the workbook may keep something else in its store. */
const maker = [__filename, join(root, 'package-lock.json')].map((file) => identify(file).is).join()

const { files, imports, read } = openStore()

/** Reads the JavaScript, the bytecode or the source map of a module. */
const readPart = ({ bounds }, part) => read(bounds[part], bounds[part + 1])

/** By path: the parts of the modules that tsx has compiled in this process. */
const compiled = new Map()

/** The modules of this process that came from the store. */
const unchanged = new Set()

/** The type checker, which is large, and which Node can load as it is. */
const typeChecker = join('node_modules', 'typescript') + sep

// How Node finds and loads modules, and then how tsx does.
const nodeLoaders = { ...Module._extensions }
let find = Module._resolveFilename
let loaders = nodeLoaders
let hasTsx = false

/** The file that an import has just led to: loading it asks no second time. */
let next

function isThere(file) {
  next = { file, ...identify(file) }
  return next.is !== ''
}

/** Finds the file that an import means. */
function findModule(request, parent, ...rest) {
  const from = parent?.filename
  const known = unchanged.has(from) ? imports[from]?.[request] : undefined
  if (known && (isBuiltin(known) || Module._cache[known] || isThere(known))) return known
  const found = find.call(this, request, parent, ...rest)
  if (from) {
    imports[from] ??= {}
    imports[from][request] = found
  }
  return found
}

/** Loads a module from the store, or else with tsx. */
function loadModule(module, file) {
  if (file.includes(typeChecker)) {
    nodeLoaders['.js'](module, file)
    return
  }
  const { is, changed } = next?.file === file ? next : identify(file)
  next = undefined
  const known = files[file]
  if (known?.is === is) {
    unchanged.add(file)
    const text = readPart(known, 0).toString()
    const bytecode = readPart(known, 1)
    if (bytecode.length > 0) run(module, file, text, bytecode)
    else module._compile(`${text}${readPart(known, 2)}`, file)
    return
  }
  startTsx()
  const compile = module._compile
  module._compile = function (output, ...rest) {
    const isSettled = Date.now() - changed > settled
    if (!isSettled || isOwn(file)) return compile.call(this, output, ...rest)
    const mapAt = output.lastIndexOf('\n//# sourceMappingURL=')
    const text = mapAt < 0 ? output : output.slice(0, mapAt)
    const map = output.slice(text.length)
    compiled.set(file, { is, parts: [text, '', map] })
    if (dynamicImport.test(text)) return compile.call(this, output, ...rest)
    const script = run(this, file, text)
    // Now it includes the functions that the module has called.
    compiled.set(file, { is, parts: [text, script.createCachedData(), map] })
  }
  const load = loaders[extname(file)] ?? loaders['.js']
  load(module, file)
}

/** Runs a module, as Node does. V8 ignores bytecode of another version. */
function run(module, file, text, bytecode) {
  const [begin, end] = Module.wrapper
  const script = new Script(begin + text + end, {
    filename: file,
    columnOffset: -begin.length,
    cachedData: bytecode,
  })
  const call = script.runInThisContext()
  const { exports } = module
  call.call(exports, exports, requireFrom(module), module, file, dirname(file))
  return script
}

/**
 * Makes the `require` of a module. Node's createRequire would list once more
 * the folders where packages may be, which takes 7 ms in a chapter.
 */
function requireFrom(module) {
  const require = (request) => {
    // HTTP/2 takes a tenth of a short exec to load. undici offers it, and goes
    // on without: a daemon speaks HTTP/1.1.
    if (request === 'node:http2') throw new Error('HTTP/2 is not loaded')
    return module.require(request)
  }
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options)
  return Object.assign(require, { cache: Module._cache, main: process.mainModule })
}

/**
 * Lets Node know the source maps, just before it prints the stack of an error.
 * Reading them at every start would take too long.
 */
function readSourceMaps() {
  const maps = new Map()
  for (const [file, { parts }] of compiled) maps.set(file, parts[2])
  for (const file of unchanged) maps.set(file, readPart(files[file], 2))
  for (const [file, map] of maps) {
    // Node takes a map from the end of a module, so this one has nothing else.
    const module = new Module(file)
    module._compile(`${map}`, file)
    // Node forgets a map with its module.
    mapped.push(module)
  }
}

const mapped = []

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
  const all = []
  /** @type {Index} */
  const index = { files: {}, imports: {}, size: 0, by: maker }
  const add = (file, is, pieces) => {
    const bounds = [index.size]
    for (const bytes of pieces.map((piece) => Buffer.from(piece))) {
      index.size += bytes.length
      bounds.push(index.size)
      all.push(bytes)
    }
    index.files[file] = { is, bounds }
    index.imports[file] = imports[file]
  }
  for (const [file, known] of Object.entries(files)) {
    if (compiled.has(file) || identify(file).is !== known.is) continue
    add(
      file,
      known.is,
      [0, 1, 2].map((part) => readPart(known, part)),
    )
  }
  for (const [file, { is, parts }] of compiled) add(file, is, parts)
  const part = `${store}.${process.pid}`
  try {
    mkdirSync(folder, { recursive: true })
    const json = Buffer.from(JSON.stringify(index))
    const head = Buffer.from(`${json.length}`.padEnd(headLength))
    writeFileSync(part, Buffer.concat([head, json, ...all]))
    renameSync(part, store)
  } catch {
    // The folder cannot be written, so the next start needs tsx again.
    if (existsSync(part)) rmSync(part)
  }
}

process.setSourceMapsEnabled(true)
takeOver()
process.on('exit', writeStore)
// A thread may be stopped without an exit.
if (!isMainThread) setImmediate(writeStore)
process.once('uncaughtExceptionMonitor', readSourceMaps)
