import { dirname, join } from 'node:path'
import ts from 'typescript'
import { type Source, treeOf } from './source.js'

interface Taken {
  /** The file that is named, from the package's folder: `src/shape.ts`. */
  readonly from: string
  /** What is taken of it; undefined for all. */
  readonly names: readonly string[] | undefined
}

/** A file by what it takes from others of its package, what it hands on, and what it declares itself. */
interface Room {
  readonly imports: readonly Taken[]
  readonly handsOn: readonly Taken[]
  readonly declares: ReadonlySet<string>
}

const isFace = (name: string): boolean => name.endsWith('/index.ts')

/**
 * Files of a package that import each other in a loop, for types or values, at once or when they are needed, each loop once, its names sorted. What a folder's `index.ts`
 * hands on counts as taken from the file that has it.
 */
export function circlesIn(sources: readonly Source[]): readonly (readonly string[])[] {
  const rooms = new Map(sources.map((source) => [source.name, roomOf(source)]))
  const arrows = new Map(
    [...rooms]
      .filter(([name]) => !isFace(name))
      .map(([name, { imports }]) => [name, imports.flatMap((taken) => homes(rooms, taken))]),
  )
  const reaches = (from: string): ReadonlySet<string> => {
    const seen = new Set<string>()
    const visit = (name: string): void => {
      for (const next of arrows.get(name) ?? []) {
        if (seen.has(next)) continue
        seen.add(next)
        visit(next)
      }
    }
    visit(from)
    return seen
  }
  const reached = new Map([...arrows.keys()].map((name) => [name, reaches(name)]))
  const loops = [...arrows.keys()]
    .filter((name) => reached.get(name)?.has(name))
    .map((name) =>
      [...arrows.keys()].filter((other) => reached.get(name)?.has(other) && reached.get(other)?.has(name)).sort(),
    )
  return [...new Map(loops.map((loop) => [loop.join(), loop])).values()]
}

/** Where names come from in the end. */
function homes(
  rooms: ReadonlyMap<string, Room>,
  { from, names }: Taken,
  seen: readonly string[] = [],
): readonly string[] {
  const room = rooms.get(from)
  if (room === undefined || seen.includes(from)) return []
  if (!isFace(from) || names === undefined) return [from]
  return names.flatMap((name) => {
    if (room.declares.has(name)) return [from]
    const given = room.handsOn.filter((taken) => taken.names === undefined || taken.names.includes(name))
    return given.flatMap((taken) =>
      homes(rooms, { from: taken.from, names: [name] }, [...seen, from]).filter(
        (home) => taken.names !== undefined || rooms.get(home)?.declares.has(name),
      ),
    )
  })
}

function roomOf(source: Source): Room {
  const file = treeOf(source)
  const imports: Taken[] = []
  const handsOn: Taken[] = []
  const declares = new Set<string>()
  for (const statement of file.statements) {
    if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings
      const names = bindings !== undefined && ts.isNamedImports(bindings) ? bindings.elements.map(nameOf) : undefined
      imports.push(...ofPackage(source, statement.moduleSpecifier, names))
    } else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined) {
      const clause = statement.exportClause
      const names = clause !== undefined && ts.isNamedExports(clause) ? clause.elements.map(nameOf) : undefined
      const taken = ofPackage(source, statement.moduleSpecifier, names)
      handsOn.push(...taken)
      imports.push(...taken)
    } else if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) if (ts.isIdentifier(name)) declares.add(name.text)
    } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      if (statement.name !== undefined) declares.add(statement.name.text)
    } else if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
      declares.add(statement.name.text)
    }
  }
  imports.push(...importedLater(source, file))
  return { imports, handsOn, declares }
}

/** What `import('…')` takes, in code or in types. */
function importedLater(source: Source, file: ts.SourceFile): readonly Taken[] {
  const found: Taken[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword && node.arguments[0]) {
      found.push(...ofPackage(source, node.arguments[0], undefined))
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      found.push(...ofPackage(source, node.argument.literal, undefined))
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** The name in the file that it is taken from. */
const nameOf = ({ name, propertyName }: ts.ImportSpecifier | ts.ExportSpecifier): string => (propertyName ?? name).text

function ofPackage(source: Source, specifier: ts.Node, names: readonly string[] | undefined): readonly Taken[] {
  if (!ts.isStringLiteral(specifier) || !specifier.text.startsWith('.')) return []
  const from = join(dirname(source.name), specifier.text).replaceAll('\\', '/').replace(/\.js$/, '.ts')
  return [{ from, names }]
}
