import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runCommand } from '@convzoo/files'
import type { NativePackage } from '../native/packages.js'
import { linkError } from './errors.js'
import { type Libraries, libraries } from './library.js'

const require = createRequire(import.meta.url)

interface CompileOptions {
  readonly native: NativePackage
  readonly library: Libraries
  /** Where the binding will look for the libraries: a folder, or one relative to itself that begins with $ORIGIN. */
  readonly runPath: string
  readonly output: string
}

/**
 * Compiles the binding's two source files, which its package brings, against a TensorFlow. What node-gyp would do with its binding.gyp
 * is this one command; Node's headers come from node-api-headers, so nothing else is needed but a compiler.
 *
 * @throws ConvzooError of kind `engine` if there is no compiler, or if the source does not compile.
 */
export async function compileBinding({ native, library, runPath, output }: CompileOptions): Promise<void> {
  const compiler = process.env.CXX ?? 'g++'
  const nodeApi = join(dirname(require.resolve('node-api-headers')), 'include')
  const { code, errors } = await runCommand(compiler, [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-DNAPI_VERSION=8'],
    `-I${nodeApi}`,
    `-I${library.include}`,
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(native.folder, 'binding', name)),
    `-L${library.folder}`,
    ...libraries.map((name) => `-l:${name}`),
    `-Wl,-rpath,${runPath}`,
    ...['-o', output],
  ])
  if (code === 0) return
  if (code === undefined) {
    throw linkError({
      message: 'There is no C++ compiler.',
      expected: 'g++ on the PATH, or another compiler named by the variable CXX',
      received: `${compiler} cannot be run`,
      hint: 'Debian and Ubuntu: apt-get install g++; Fedora: dnf install gcc-c++',
    })
  }
  const lines = errors.split('\n').filter((line) => /error|undefined|cannot find/i.test(line))
  throw linkError({
    message: `The binding of ${native.name} ${native.version} does not compile against this TensorFlow.`,
    received: (lines.length === 0 ? errors : lines.slice(0, 5).join('\n')).trim(),
    hint: 'give a TensorFlow that docs/engines.md lists as tested',
  })
}

/**
 * Loads a binding in a process of its own with every symbol resolved at once, and gives the version of its libtensorflow.
 *
 * @throws ConvzooError of kind `engine` if a library or a function is missing.
 */
export async function tryBinding(path: string): Promise<string> {
  const script = 'process.stdout.write(require(process.argv[1]).TF_Version)'
  const { code, output, errors } = await runCommand(process.execPath, ['-e', script, path], { LD_BIND_NOW: '1' })
  if (code === 0 && output !== '') return output
  const reason = errors.split('\n').find((line) => /Error|undefined symbol|cannot open/.test(line)) ?? errors.trim()
  throw linkError({
    message: 'The new binding cannot be loaded with this TensorFlow.',
    expected: "all functions of TensorFlow's C interface that it calls",
    received: reason,
    hint: 'give a TensorFlow that docs/engines.md lists as tested',
  })
}
