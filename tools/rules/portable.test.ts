import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { sourcesOf, treeOf } from './source.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

const starters = /^(?:spawn|spawnSync|exec|execSync|execFile|execFileSync)$/

/** Folders of POSIX systems, where one is meant. */
const ofPosix = /^\/(?:dev|proc|sys|etc|usr|tmp|bin)\//

/** What of a program cannot work on Windows, or undefined. */
function faultOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node) && ofPosix.test(node.text) && !isOnlySaid(node)) return `the folder ${node.text}`
  if (!ts.isCallExpression(node)) return undefined
  const [first, , third] = node.arguments
  if (node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const isAddress = first === undefined || /^['"`][.@a-z]|\bhref$|specifier/.test(first.getText())
    return isAddress ? undefined : 'import() of a path, which is no address: pathToFileURL(path).href'
  }
  const name = ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText()
  if (/^symlink(?:Sync)?$/.test(name) && third?.getText() !== "'junction'") return 'a link, which takes a privilege'
  if (/^chmod(?:Sync)?$/.test(name)) return 'chmod'
  if (
    starters.test(name) &&
    first !== undefined &&
    ts.isStringLiteralLike(first) &&
    !/\bplatform\b|\bisWindows\b/.test(node.getText())
  )
    return `the program ${first.text}`
  const signal = node.arguments.find((each) => ts.isStringLiteralLike(each) && /^SIG/.test(each.text))
  if (name === 'kill' && signal !== undefined && signal.getText() !== "'SIGKILL'")
    return `${signal.getText()}, which ends a process at once`
  return undefined
}

/** What a link in an archive leads to is only a text, and asking whether a folder is there is what this wants. */
const isOnlySaid = ({ parent }: ts.Node): boolean =>
  (ts.isPropertyAssignment(parent) && parent.name.getText() === 'linkname') ||
  (ts.isCallExpression(parent) && parent.expression.getText() === 'existsSync')

const asksForSystem = /\bplatform\b|\bisWindows\b|\bposix\b|\bexistsSync\(|\bnoTerminal\b/

/** Whether a place in a file is reached only where a condition on the system holds: itself, or all uses of what it stands in. */
function isGuarded(node: ts.Node, seen: ReadonlySet<string> = new Set()): boolean {
  let named: ts.VariableDeclaration | ts.FunctionDeclaration | undefined
  for (let at = node; at.parent !== undefined; at = at.parent) {
    const { parent } = at
    if (ts.isCallExpression(parent) && /\.(?:skipIf|runIf)\(/.test(parent.expression.getText())) return true
    if (ts.isIfStatement(parent) && at !== parent.expression && asks(parent.expression)) return true
    if (ts.isConditionalExpression(parent) && at !== parent.condition && asks(parent.condition)) return true
    if ((ts.isVariableDeclaration(parent) || ts.isFunctionDeclaration(parent)) && at !== parent.name) named = parent
  }
  const name = named?.name?.getText()
  if (named === undefined || name === undefined || seen.has(name)) return false
  const uses = usesOf(name, named)
  return uses.length > 0 && uses.every((use) => isGuarded(use, new Set([...seen, name])))
}

const asks = (condition: ts.Node): boolean => asksForSystem.test(condition.getText())

function usesOf(name: string, declaration: ts.Node): readonly ts.Node[] {
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    const isName = ts.isIdentifier(node) && node.text === name
    const isOwn = isName && (node.parent === declaration || ts.isPropertyAssignment(node.parent))
    if (isName && !isOwn && !(ts.isPropertyAccessExpression(node.parent) && node.parent.name === node)) found.push(node)
    ts.forEachChild(node, visit)
  }
  visit(declaration.getSourceFile())
  return found
}

/** Places of a file that cannot work on Windows and are reached there, as `12: chmod`. */
function faultsIn(path: string, text: string): readonly string[] {
  const file = treeOf({ path, text })
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const fault = faultOf(node)
    if (fault !== undefined && !isGuarded(node)) {
      found.push(`${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${fault}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** Helpers whose callers ask for the system, and what never runs on Windows. */
const exceptions: ReadonlyMap<string, string> = new Map([
  ['apps/cli/src/testing/hang-up.ts', 'its callers ask for the system'],
  ['packages/safetensors/src/pytorch/hostile.test.ts', 'the places are texts in a file, and nothing is there'],
  ['packages/data/src/testing/odd-places.ts', 'its callers ask for Linux'],
  ['tools/hostile/', 'verify/hostile.mjs says by missing() that Windows has not what it makes'],
  ['tools/pseudo-terminal.mjs', 'says by noTerminal that Windows has no terminals of its kind'],
  ['tools/gpu-bundle/', 'gpu-bundle.mjs says by missing() that it is for Linux'],
  ['tools/verify/gpu-bundle.mjs', 'says by missing() that it is for Linux'],
  ['tools/verify/quiet.mjs', 'says by missing() that it is for Linux'],
  ['tools/verify/data-train.mjs', 'says by missing() that it is for Debian'],
])

const isException = (name: string): boolean => [...exceptions.keys()].some((path) => name.startsWith(path))

const tests = ['packages', 'apps']
  .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
  .flatMap((folder) => sourcesOf(join(root, folder)).map((source) => ({ ...source, name: `${folder}/${source.name}` })))
  .filter(({ isTest, name }) => isTest || name.includes('/testing/'))

/** Programs of this repository, which are started on every system: a suite of `verify` says by `missing()` where it cannot run. */
const programs = ['tools', 'e2e', 'bench', 'examples']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
      (name) => `${folder}/${name.replaceAll('\\', '/')}`,
    ),
  )
  .filter((name) => name.endsWith('.mjs') && !name.includes('node_modules'))

describe('tests', () => {
  it('ask for the system before they do what Windows has not', () => {
    expect(tests.length).toBeGreaterThan(100)
    const found = tests
      .filter(({ name }) => !isException(name))
      .flatMap(({ path, name, text }) => faultsIn(path, text).map((fault) => `${name}:${fault}`))
    expect(found).toEqual([])
  })

  it.each([
    [`it('a', () => chmodSync(path, 0))`, 1],
    [`it.skipIf(process.platform === 'win32')('a (Windows has no modes)', () => chmodSync(path, 0))`, 0],
    [`it.runIf(posix).each(cases)('a', () => undefined)\nconst cases = [() => spawnSync('mkfifo', [path])]`, 0],
    [`it.each(cases)('a', () => undefined)\nconst cases = [() => spawnSync('mkfifo', [path])]`, 1],
    [`if (process.platform !== 'win32') symlinkSync(from, to)`, 0],
    [`symlinkSync(from, to, 'junction')`, 0],
    [`symlinkSync(from, to)`, 1],
    [`child.kill('SIGINT')`, 1],
    [`child.kill('SIGKILL')`, 0],
    [`await import(path)`, 1],
    [`await import(pathToFileURL(path).href)`, 0],
    [`openSync('/dev/full')`, 1],
    [`spawnSync('npm', ['ls'], { shell: process.platform === 'win32' })`, 0],
  ])('are told apart: %s', (text, count) => {
    expect(faultsIn('x.ts', text)).toHaveLength(count)
  })
})

describe('programs of this repository', () => {
  it('ask for the system, too, import by addresses, and start npm as Windows wants it', () => {
    expect(programs.length).toBeGreaterThan(40)
    const found = programs
      .filter((name) => !isException(name))
      .flatMap((name) => faultsIn(name, readFileSync(join(root, name), 'utf8')).map((fault) => `${name}:${fault}`))
    expect(found).toEqual([])
  })
})
