// Checks the types of every package as `tsc` does in its folder, by one compiler: what several of them see is read and parsed once.
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folders = ['packages', 'apps'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name)))

const parsed = new Map()

/** A compiler's host that gives every program the same tree of a file that is parsed in the same way. */
function sharing(options) {
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  host.getSourceFile = (path, how, ...more) => {
    const { languageVersion, impliedNodeFormat, jsDocParsingMode } = how
    const key = [path, languageVersion, impliedNodeFormat, jsDocParsingMode].join('\n')
    if (!parsed.has(key)) parsed.set(key, getSourceFile(path, how, ...more))
    return parsed.get(key)
  }
  return host
}

function wrongIn(folder) {
  const host = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'))
    },
  }
  const config = ts.getParsedCommandLineOfConfigFile(join(root, folder, 'tsconfig.json'), {}, host)
  if (config === undefined) throw new Error(`${folder} has no tsconfig.json.`)
  const { fileNames, options, errors } = config
  const program = ts.createProgram({
    rootNames: fileNames,
    options,
    host: sharing(options),
    configFileParsingDiagnostics: errors,
  })
  return ts.getPreEmitDiagnostics(program)
}

const wrong = [...folders, 'tools'].flatMap(wrongIn)
process.stdout.write(
  ts.formatDiagnostics(wrong, {
    getCurrentDirectory: () => root,
    getCanonicalFileName: (name) => name,
    getNewLine: () => '\n',
  }),
)
if (wrong.length > 0) process.exitCode = 1
