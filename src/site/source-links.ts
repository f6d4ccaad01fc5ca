/**
 * Finds out for each identifier of a source file what it is: where it is
 * defined, its type, and the first paragraph of its docstring.
 *
 * TypeScript's checker answers. One program for all files takes a few
 * seconds, and each symbol is described once, when a page shows it.
 *
 * @module
 */

import { join, relative, sep } from 'node:path'
import ts from 'typescript'
import { proseOf } from './source-rows.ts'

/** An identifier in a file. */
export type Reference = {
  /** The offsets of its first character, and after its last. */
  readonly from: number
  readonly to: number
  /** The declaration that it is part of. */
  readonly within: Target | undefined
  /** Where it is defined, if that is one of our files. */
  readonly target: Target | undefined
  /**
   * Returns its type and what it is for: `isTcp(socket: Socket): boolean`.
   * The checker works only for those that a page shows.
   */
  readonly hover: () => string
}

/** What a symbol is, wherever it is used. */
type Meaning = Pick<Reference, 'target' | 'hover'>

/** A declaration at the top of a file, which is a row of its page. */
export type Target = {
  /** The path of the file in the repository. */
  readonly file: string
  readonly name: string
}

/** Answers for the files of one program. */
export type SourceLinks = {
  /** Returns the identifiers of a file in order. */
  readonly referencesIn: (file: string) => Reference[]
}

/** Loads the program of the files that `tsconfig.json` names. */
export function openSourceLinks(root: string): SourceLinks {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root)
  const files = ts.sys.readDirectory(root, ['.ts'], ['**/mine'], ['chapters', 'src'])
  const program = ts.createProgram(files, options)
  const checker = program.getTypeChecker()
  const described = new Map<ts.Symbol, Meaning>()

  function describe(symbol: ts.Symbol, node: ts.Node): Meaning {
    const known = described.get(symbol)
    if (known) return known
    let hover: string | undefined
    const fresh = {
      target: targetOf(symbol, root),
      hover: () => {
        hover ??= hoverOf(symbol, node, checker)
        return hover
      },
    }
    described.set(symbol, fresh)
    return fresh
  }

  return {
    referencesIn(file) {
      const source = program.getSourceFile(join(root, file))
      if (!source) return []
      const references: Reference[] = []
      const visit = (node: ts.Node): void => {
        const symbol = ts.isIdentifier(node) ? symbolAt(node, checker) : undefined
        if (symbol) {
          const place = { from: node.getStart(source), to: node.getEnd() }
          references.push({ ...place, within: rowOf(node, root), ...describe(symbol, node) })
        }
        ts.forEachChild(node, visit)
      }
      visit(source)
      return references
    },
  }
}

/** Returns what an identifier means, behind imports and shorthands. */
function symbolAt(node: ts.Identifier, checker: ts.TypeChecker): ts.Symbol | undefined {
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node)
  if (!symbol) return undefined
  const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0
  return isAlias ? checker.getAliasedSymbol(symbol) : symbol
}

/** Returns the row that contains the declaration of a symbol. */
function targetOf({ declarations }: ts.Symbol, root: string): Target | undefined {
  const [first] = declarations ?? []
  return first && rowOf(first, root)
}

/** Returns the declaration at the top of one of our files around a node. */
function rowOf(inner: ts.Node, root: string): Target | undefined {
  const file = relative(root, inner.getSourceFile().fileName).replaceAll(sep, '/')
  if (file.startsWith('..') || file.includes('node_modules')) return undefined
  let node = inner
  while (node.parent && !ts.isSourceFile(node.parent)) node = node.parent
  const named = ts.isVariableStatement(node) ? node.declarationList.declarations[0] : node
  const name = named && ts.getNameOfDeclaration(named as ts.Declaration)
  return name && ts.isIdentifier(name) ? { file, name: name.text } : undefined
}

/** The longest type that is still read at a glance. */
const longestType = 240

function hoverOf(symbol: ts.Symbol, node: ts.Node, checker: ts.TypeChecker): string {
  const docs = ts.displayPartsToString(symbol.getDocumentationComment(checker))
  const [sentence = ''] = proseOf(docs).split(/\n{2,}/)
  const type = typeText(symbol, node, checker)
  const shown = type.length > longestType ? `${type.slice(0, longestType)}…` : type
  return [shown, sentence.replace(/\s+/g, ' ')].filter((part) => part !== '').join('\n')
}

function typeText(symbol: ts.Symbol, node: ts.Node, checker: ts.TypeChecker): string {
  if (symbol.flags & (ts.SymbolFlags.TypeAlias | ts.SymbolFlags.Interface)) {
    return `type ${symbol.name}`
  }
  if (symbol.flags & ts.SymbolFlags.Class) return `class ${symbol.name}`
  if (symbol.flags & ts.SymbolFlags.TypeParameter) return `type parameter ${symbol.name}`
  const type = checker.getTypeOfSymbolAtLocation(symbol, node)
  const [signature, ...others] = type.getCallSignatures()
  const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.OmitParameterModifiers
  if (signature && others.length === 0) {
    return `${symbol.name}${checker.signatureToString(signature, undefined, flags)}`
  }
  return `${symbol.name}: ${checker.typeToString(type, undefined, flags)}`
}
