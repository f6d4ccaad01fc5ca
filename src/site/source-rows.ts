/**
 * Splits a source file into what a page shows row by row: the comment about
 * the whole file, its imports, and each declaration with its docstring.
 *
 * @module
 */

import ts from 'typescript'

/** A row of a source page. Together the rows have every line of the file. */
export type SourceRow = {
  /** What it is. */
  readonly kind: 'module' | 'imports' | 'declaration'
  /** What it declares: its id on the page. Empty for the other kinds. */
  readonly name: string
  /** Its comment as Markdown. Empty without one. */
  readonly prose: string
  /** Its code, without the comment in front of it. */
  readonly code: string
  /** The offset of the code in the file. */
  readonly codeAt: number
  /** Its first and last line, counted from 1. */
  readonly from: number
  readonly to: number
}

/** Returns the rows of a file in reading order. */
export function sourceRows(text: string, name: string): SourceRow[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true)
  const moduleEnd = moduleCommentEnd(text)
  const rows: SourceRow[] = []
  if (moduleEnd > 0) {
    const prose = proseOf(text.slice(0, moduleEnd))
    rows.push(rowOf(file, { kind: 'module', name: '', prose }, 0, moduleEnd, moduleEnd))
  }
  let at = moduleEnd
  for (const statement of file.statements) {
    // Whatever stands between two statements belongs to the second.
    const begin = skipSpace(text, at)
    const comment = docCommentIn(text.slice(begin, statement.getEnd()))
    const end = lineEnd(text, statement.getEnd())
    const codeAt = skipSpace(text, begin + comment.length)
    at = end
    const last = rows.at(-1)
    if (ts.isImportDeclaration(statement) && last?.kind === 'imports') {
      rows[rows.length - 1] = rowOf(file, last, last.codeAt, last.codeAt, end)
      continue
    }
    const kind = ts.isImportDeclaration(statement) ? 'imports' : 'declaration'
    const row = { kind, name: declaredName(statement), prose: proseOf(comment) } as const
    rows.push(rowOf(file, row, begin, codeAt, end))
  }
  const rest = text.slice(at).trimEnd()
  if (rest.trim() !== '') {
    const begin = at + rest.length - rest.trimStart().length
    const row = { kind: 'declaration', name: '', prose: '' } as const
    rows.push(rowOf(file, row, begin, begin, at + rest.length))
  }
  return rows
}

function rowOf(
  file: ts.SourceFile,
  { kind, name, prose }: Pick<SourceRow, 'kind' | 'name' | 'prose'>,
  begin: number,
  codeAt: number,
  end: number,
): SourceRow {
  const lineAt = (offset: number): number => file.getLineAndCharacterOfPosition(offset).line + 1
  return {
    ...{ kind, name, prose, codeAt },
    code: file.text.slice(codeAt, end).trimEnd(),
    from: lineAt(begin),
    to: lineAt(Math.max(begin, end - 1)),
  }
}

/** Returns the offset behind the comment about the file, or 0. */
function moduleCommentEnd(text: string): number {
  const comment = docCommentIn(text)
  return comment.includes('@module') ? comment.length : 0
}

/** Returns the docstring at the beginning of some text, or ''. */
function docCommentIn(text: string): string {
  return /^\/\*\*[\s\S]*?\*\//.exec(text)?.[0] ?? ''
}

/** Returns the offset of the next character that is no space. */
function skipSpace(text: string, offset: number): number {
  return offset + (/^\s*/.exec(text.slice(offset))?.[0].length ?? 0)
}

/** Returns the offset of the end of the line: a comment may follow there. */
function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end < 0 ? text.length : end
}

/** Returns the name that a statement declares, or ''. */
function declaredName(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) {
    const name = statement.declarationList.declarations[0]?.name
    return name && ts.isIdentifier(name) ? name.text : ''
  }
  if (
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement)
  ) {
    return statement.name?.text ?? ''
  }
  return ''
}

/**
 * Returns a comment as Markdown: without its stars, without the marks that
 * only our tests read, and with its tags in words.
 */
export function proseOf(comment: string): string {
  return comment
    .replace(/^\/\*\*/, '')
    .replace(/\*\/$/, '')
    .replace(/^[ \t]*\*[ \t]?/gm, '')
    .replace(/^\s*<!--[\s\S]*?-->[ \t]*$/gm, '')
    .replace(/^[ \t]*@(?:module|internal)\b.*$/gm, '')
    .replace(/\{@link ([^}]*)\}/g, '`$1`')
    .replace(/^@param (\S+) - /gm, '\n`$1`: ')
    .replace(/^@returns (.*(?:\n(?!\n|@).+)*)/gm, (_, text) => `\nReturns ${sentence(text)}`)
    .replace(/^@throws (.*(?:\n(?!\n|@).+)*)/gm, (_, text) => `\nThrows ${sentence(text)}`)
    .replace(/^```text\n([\s\S]*?)^```/gm, (_, drawing) => withoutIndent(drawing))
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function sentence(text: string): string {
  const trimmed = text.trimEnd()
  return `${/[.:!?]$/.test(trimmed) ? trimmed : `${trimmed}.`}\n`
}

/**
 * Moves a drawing to the left edge: a narrow window then shows more of it.
 */
function withoutIndent(drawing: string): string {
  const lines = drawing.split('\n')
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/))
  const indent = Math.min(...indents)
  return `\`\`\`text\n${lines.map((line) => line.slice(indent)).join('\n')}\`\`\``
}
