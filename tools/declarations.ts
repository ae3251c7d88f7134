import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'

const wording: ts.FormatDiagnosticsHost = {
  getCurrentDirectory: () => process.cwd(),
  getCanonicalFileName: (name) => name,
  getNewLine: () => '\n',
}

function fail(diagnostics: readonly ts.Diagnostic[]): never {
  throw new Error(`The declarations could not be made.\n${ts.formatDiagnostics(diagnostics, wording)}`)
}

/**
 * Writes the declarations of a package's sources, one file for each, and says where those of each entry are: they are removed when the
 * process ends. Types are only looked at where a declaration needs them; `tools/typecheck.mjs` checks them.
 */
export function declarationsOf(entries: Readonly<Record<string, string>>): Record<string, string> {
  const outDir = mkdtempSync(join(tmpdir(), 'convzoo-declarations-'))
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }))
  const asked = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    noCheck: true,
    rootDir: process.cwd(),
    outDir,
  }
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic: ts.Diagnostic) => fail([diagnostic]) }
  const config = ts.getParsedCommandLineOfConfigFile('tsconfig.json', asked, host)
  if (config === undefined) throw new Error(`${process.cwd()} has no tsconfig.json.`)
  const program = ts.createProgram(Object.values(entries), config.options)
  const { diagnostics } = program.emit(undefined, undefined, undefined, true)
  if (diagnostics.length > 0) fail(diagnostics)
  const built = (source: string): string => join(outDir, source.replace(/\.ts$/, '.d.ts'))
  return Object.fromEntries(Object.entries(entries).map(([name, source]) => [name, built(source)]))
}
