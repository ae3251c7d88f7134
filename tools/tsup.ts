import { readFileSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'
import { declarationsOf } from './declarations.js'

interface Manifest {
  readonly exports?: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly bin?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface LibraryOptions {
  /** Dependencies that become part of what is built, such as those of a script of a page. */
  readonly bundled?: readonly string[]
  /**
   * Without white space and long names that only people need: for what is installed with everything. Functions keep their names, so that
   * stacks can be read.
   */
  readonly compact?: boolean
  /** Whether functions keep their names where it is compact; a script that stands in a page alone shares nothing, which that takes. */
  readonly keepNames?: boolean
  /** Sources that are loaded by address, such as worker threads: `src/session/onnx-worker.ts` becomes `dist/onnx-worker.js`. */
  readonly workers?: readonly string[]
}

type Entries = Record<string, string>

function entryOf(built: string): [name: string, source: string] {
  const name = /^\.\/dist\/(.+)\.js$/.exec(built)?.[1]
  if (name === undefined) throw new Error(`An entry of package.json must look like ./dist/name.js, not ${built}.`)
  return [name, `src/${name}.ts`]
}

/**
 * How every package is built. What to build stands in package.json alone: each `./dist/name.js` under `exports` and `bin` is made
 * from `src/name.ts`; the former with declarations.
 */
export function library({ compact = false, workers = [], bundled = [], keepNames = compact }: LibraryOptions = {}) {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
  const exported: Entries = {}
  for (const target of Object.values(manifest.exports ?? {})) {
    if (typeof target === 'string') continue
    const [name, source] = entryOf(target.default)
    exported[name] = source
  }
  const entry: Entries = { ...exported }
  for (const target of Object.values(manifest.bin ?? {})) {
    const [name, source] = entryOf(target)
    entry[name] = source
  }
  for (const source of workers) {
    const name = source.replace(/^.*\//, '').replace(/\.ts$/, '')
    if (name in entry) throw new Error(`Two entries would be dist/${name}.js; rename ${source}.`)
    entry[name] = source
  }
  const options: Options = {
    entry,
    // tsup leaves the other dependencies outside by itself.
    external: Object.keys(manifest.optionalDependencies ?? {}),
    noExternal: [...bundled],
    dts: Object.keys(exported).length > 0 ? { entry: declarationsOf(exported) } : false,
    format: 'esm',
    target: 'node20.10',
    minifyWhitespace: compact,
    minifySyntax: compact,
    minifyIdentifiers: compact,
    keepNames,
    removeNodeProtocol: false,
    clean: true,
    silent: true,
  }
  return defineConfig(options)
}
