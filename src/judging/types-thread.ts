/**
 * A thread that type-checks a learner's file. Running the file only strips
 * the types. The first check is slow; later ones reuse the sources that the
 * compiler has read.
 *
 * @module
 */

import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import type * as TypeScript from 'typescript'
import { displayPath } from './load.ts'

/**
 * The codes of the errors about unused names, which are normal in a
 * half-written exercise.
 */
const unusedNameErrors = new Set([6133, 6138, 6192, 6196, 6198])

/**
 * Returns a function that reports the first type error of a file, with line
 * and column.
 */
function createChecker(root: string): (file: string) => string | undefined {
  const { createRequire } = process.getBuiltinModule('node:module')
  let ts: typeof TypeScript
  try {
    ts = createRequire(join(root, 'package.json'))('typescript') as typeof TypeScript
  } catch {
    // The compiler is a development dependency and may not be installed.
    return () => undefined
  }
  const read = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...read.config, files: [] }, ts.sys, root)
  const host = ts.createCompilerHost(options)
  // No type depends on a comment, and Node's declarations are mostly those.
  host.jsDocParsingMode = ts.JSDocParsingMode.ParseNone
  const readSource = host.getSourceFile
  const known = new Map<string, TypeScript.SourceFile | undefined>()
  host.getSourceFile = (name, ...rest) => {
    if (name.includes('/mine/')) return readSource(name, ...rest)
    if (!known.has(name)) known.set(name, readSource(name, ...rest))
    return known.get(name)
  }
  let program: TypeScript.Program | undefined
  return (file) => {
    program = ts.createProgram([file], options, host, program)
    const source = program.getSourceFile(file)
    // A syntax error keeps the file from running and is reported by the
    // trials.
    if (program.getSyntacticDiagnostics(source).length > 0) return undefined
    const problem = ts
      .getPreEmitDiagnostics(program, source)
      .find(
        ({ code, category }) =>
          category === ts.DiagnosticCategory.Error && !unusedNameErrors.has(code),
      )
    if (!problem) return undefined
    const message = ts.flattenDiagnosticMessageText(problem.messageText, '\n').split('\n', 1)[0]
    const { line, character } =
      problem.file?.getLineAndCharacterOfPosition(problem.start ?? 0) ?? {}
    const at = line === undefined ? '' : `, line ${line + 1}, column ${(character ?? 0) + 1}`
    return `${displayPath(file)}${at}: ${message} (TS${problem.code})`
  }
}

const check = createChecker(workerData as string)
parentPort?.on('message', (file: string) => parentPort?.postMessage(check(file)))
