import { readFileSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'
import { declarationsOf } from './declarations.js'

interface Manifest {
  readonly exports?: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>
  readonly bin?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface LibraryOptions {
  /**
   * Without white space and long names that only people need: for what is installed with everything. Functions keep their names, so that
   * stacks can be read.
   */
  readonly compact?: boolean
  /** Sources of pages, each built into one file with all that it imports: `src/page/report-script.ts` becomes `dist/report-script.js`. */
  readonly scripts?: readonly string[]
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
export function library({ compact = false, scripts = [], workers = [] }: LibraryOptions = {}) {
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
  const more = (sources: readonly string[]): Entries =>
    Object.fromEntries(
      sources.map((source) => {
        const name = source.replace(/^.*\//, '').replace(/\.ts$/, '')
        if (name in entry) throw new Error(`Two entries would be dist/${name}.js; rename ${source}.`)
        return [name, source]
      }),
    )
  Object.assign(entry, more(workers))
  const ofPages = more(scripts)
  const common: Options = {
    format: 'esm',
    target: 'node20.10',
    minifyWhitespace: compact,
    minifySyntax: compact,
    minifyIdentifiers: compact,
    removeNodeProtocol: false,
    silent: true,
  }
  const options: Options = {
    ...common,
    entry,
    // tsup leaves the other dependencies outside by itself.
    external: Object.keys(manifest.optionalDependencies ?? {}),
    dts: Object.keys(exported).length > 0 ? { entry: declarationsOf(exported) } : false,
    keepNames: compact,
    // Both are built at once: neither removes what the other has made.
    clean: Object.keys(ofPages).map((name) => `!${name}.*`),
  }
  if (scripts.length === 0) return defineConfig(options)
  const page: Options = { ...common, entry: ofPages, splitting: false, noExternal: [/.*/], clean: false }
  return defineConfig([options, page])
}
