import { posix } from 'node:path'
import {
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isImportTypeNode,
  isNamedExports,
  isNamedImports,
  isStringLiteral,
  type Node,
  SyntaxKind,
} from 'typescript/unstable/ast'
import { nodesOf, type Source } from './source.ts'

/**
 * One import, of whatever form. `path` is the file meant, from the project's root, and undefined
 * for a package, which `specifier` then names. `names` are what is taken, as their module calls
 * them; `*` is everything.
 */
export interface Import {
  node: Node
  specifier: string
  path: string | undefined
  names: string[]
}

function namesIn(node: Node): string[] {
  if (isImportDeclaration(node)) {
    const clause = node.importClause
    if (clause === undefined) return []
    const bindings = clause.namedBindings
    const own = clause.name === undefined ? [] : ['default']
    if (bindings === undefined) return own
    if (!isNamedImports(bindings)) return ['*']
    return [...own, ...bindings.elements.map((each) => (each.propertyName ?? each.name).text)]
  }
  if (isExportDeclaration(node) && node.exportClause && isNamedExports(node.exportClause))
    return node.exportClause.elements.map((each) => (each.propertyName ?? each.name).text)
  return ['*']
}

function moduleOf(node: Node): string | undefined {
  if (isImportDeclaration(node) || isExportDeclaration(node)) {
    const specifier = node.moduleSpecifier
    return specifier !== undefined && isStringLiteral(specifier) ? specifier.text : undefined
  }
  if (isImportTypeNode(node)) return /['"](.*)['"]/.exec(node.argument.getText())?.[1]
  if (!isCallExpression(node) || node.expression.kind !== SyntaxKind.ImportKeyword) return undefined
  const argument = node.arguments[0]
  return argument !== undefined && isStringLiteral(argument) ? argument.text : undefined
}

/**
 * Everything a source imports: declarations, re-exports, `import()` as type and as call. A call
 * of `import()` with anything but a plain text is not seen.
 */
export function importsOf(source: Source): Import[] {
  return [...nodesOf(source)].flatMap((node) => {
    const specifier = moduleOf(node)
    if (specifier === undefined) return []
    const path = specifier.startsWith('.')
      ? posix.join(posix.dirname(source.path), specifier)
      : undefined
    return [{ node, specifier, path, names: namesIn(node) }]
  })
}
