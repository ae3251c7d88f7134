import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

/** One TypeScript file of a package's `src`. */
export interface Source {
  readonly path: string
  readonly name: string
  readonly text: string
  readonly isTest: boolean
}

export function sourcesOf(folder: string): Source[] {
  const src = join(folder, 'src')
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((found) => {
      const path = join(src, found)
      const name = found.replaceAll('\\', '/')
      return {
        path,
        name: `src/${name}`,
        text: readFileSync(path, 'utf8'),
        isTest: /\.test(-d)?\.ts$|^fixtures\//.test(name),
      }
    })
}

export interface Imported {
  readonly kind: 'node' | 'package' | 'own' | 'outside'
  /** The package's name without a subpath, or the specifier as written. */
  readonly name: string
}

/** Everything that a file imports, statically, dynamically or for its types alone. */
export function importsOf(source: Source, folder: string): Imported[] {
  return ts.preProcessFile(source.text, true, true).importedFiles.map(({ fileName }) => {
    if (fileName.startsWith('.')) {
      const inside = !relative(join(folder, 'src'), resolve(dirname(source.path), fileName)).startsWith('..')
      return { kind: inside ? 'own' : 'outside', name: fileName }
    }
    if (isBuiltin(fileName)) return { kind: 'node', name: fileName }
    const [first = '', second = ''] = fileName.split('/')
    return { kind: 'package', name: fileName.startsWith('@') ? `${first}/${second}` : first }
  })
}

const trees = new Map<string, ts.SourceFile>()

/** The tree of a file, which the rules share. */
export function treeOf({ path, text }: Pick<Source, 'path' | 'text'>): ts.SourceFile {
  const known = trees.get(path)
  if (known?.text === text) return known
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
  trees.set(path, tree)
  return tree
}

/** Places where types are loosened or a check is silenced, as `src/file.ts:12 any`. */
export function loosenedIn(source: Source): string[] {
  const file = treeOf(source)
  const found: string[] = []
  const report = (position: number, what: string) => {
    found.push(`${source.name}:${file.getLineAndCharacterOfPosition(position).line + 1} ${what}`)
  }
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) report(node.getStart(), 'any')
    if (
      ts.isAsExpression(node) &&
      ts.isAsExpression(node.expression) &&
      node.expression.type.kind === ts.SyntaxKind.UnknownKeyword
    ) {
      report(node.getStart(), 'as unknown as')
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  for (const match of source.text.matchAll(/@ts-(?:ignore|nocheck|expect-error)|biome-ignore|eslint-disable/g)) {
    report(match.index, match[0])
  }
  return found
}

/** Whether a file has nothing but `export … from '…'`. */
export function onlyReexports(source: Source): boolean {
  return treeOf(source).statements.every(
    (statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined,
  )
}

/** What of Node's own modules a file takes by name, such as `node:fs readFileSync`; `*` where it takes all of a module. */
export function namesFromNode(source: Source): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const module = node.moduleSpecifier.text
      const clause = node.importClause
      const bindings = clause?.namedBindings
      const names =
        bindings !== undefined && ts.isNamedImports(bindings)
          ? bindings.elements.map((element) => (element.propertyName ?? element.name).text)
          : []
      const isWhole = clause?.name !== undefined || (bindings !== undefined && ts.isNamespaceImport(bindings))
      for (const name of isWhole ? ['*', ...names] : names) found.push(`${module} ${name}`)
    }
    if (ts.isCallExpression(node)) {
      const [first] = node.arguments
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword
      const isRequire = /(?:^|\.)(?:require|getBuiltinModule)$/.test(node.expression.getText())
      if ((isImport || isRequire) && first !== undefined && ts.isStringLiteral(first)) found.push(`${first.text} *`)
    }
    ts.forEachChild(node, visit)
  }
  visit(treeOf(source))
  return found.filter((each) => isBuiltin(each.split(' ')[0] ?? ''))
}

/** Where a value is asked whether it is an instance of a class of the platform, such as `Error`, as `src/file.ts:12 Error`. */
export function instancesAskedIn(source: Source): string[] {
  const file = treeOf(source)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword) {
      const asked = node.right.getText()
      if (asked.replace(/^globalThis\./, '') in globalThis) {
        found.push(`${source.name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${asked}`)
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}
