/**
 * Asks the TypeScript compiler about a learner's file. Running it does not: types are only taken
 * away before that.
 *
 * @module
 */

import { join } from 'node:path'
import { shown } from './load.ts'

/** Only what the compiler calls an error counts; a name that is not used yet is none here. */
const unused = new Set([6133, 6138, 6192, 6196, 6198])

/**
 * The first thing that does not fit, with its line and column.
 *
 * @param root - the folder of the project
 * @returns undefined where everything fits, or where there is no compiler installed
 */
export function typeError(file: string, root: string): string | undefined {
  const { createRequire } = process.getBuiltinModule('node:module')
  let ts: typeof import('typescript')
  try {
    ts = createRequire(join(root, 'package.json'))('typescript') as typeof import('typescript')
  } catch {
    return undefined
  }
  const read = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(
    { ...read.config, include: [], files: [file] },
    ts.sys,
    root,
  )
  const program = ts.createProgram([file], options)
  const source = program.getSourceFile(file)
  const problem = ts
    .getPreEmitDiagnostics(program, source)
    .find(({ code, category }) => category === ts.DiagnosticCategory.Error && !unused.has(code))
  if (!problem) return undefined
  const message = ts.flattenDiagnosticMessageText(problem.messageText, '\n').split('\n', 1)[0]
  const place =
    problem.file && problem.start !== undefined
      ? problem.file.getLineAndCharacterOfPosition(problem.start)
      : undefined
  const at = place ? `, line ${place.line + 1}, column ${place.character + 1}` : ''
  return `${shown(file)}${at}: ${message} (TS${problem.code})`
}
