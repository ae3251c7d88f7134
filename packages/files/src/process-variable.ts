import { isMainThread } from 'node:worker_threads'
import { ConvzooError } from '@convzoo/core'
import { messageOf } from '@convzoo/core/define'

/** How long the main thread may take to answer, in milliseconds. */
const patience = 10_000

/**
 * Gives a variable of the process a value unless it has one, where native code reads it: `process.env` of a worker thread is a copy,
 * and so is Bun's everywhere. A value that the program has put into its copy counts as the user's.
 *
 * @throws ConvzooError of kind `engine` if the process cannot be reached.
 * @example
 * await defaultProcessVariable('TF_CPP_MIN_LOG_LEVEL', '2') // before the library that reads it is loaded
 */
export async function defaultProcessVariable(name: string, value: string): Promise<void> {
  try {
    const wanted = process.env[name] ?? value
    if (process.versions.bun !== undefined) await setByLibrary(name, wanted)
    else if ('Deno' in globalThis) setInDeno(name, wanted)
    else if (!isMainThread) await setInMainThread(name, wanted)
    process.env[name] = wanted
  } catch (error) {
    throw new ConvzooError({
      kind: 'engine',
      message: `The variable ${name} cannot be set in the environment of this process.`,
      received: messageOf(error),
      hint: `start the process with ${name}=${value} in its environment`,
      cause: error,
    })
  }
}

/** Node's worker threads reach the main thread, which may be busy, through the inspector alone. */
async function setInMainThread(name: string, value: string): Promise<void> {
  const { Session } = await import('node:inspector')
  const session = new Session()
  session.connectToMainThread()
  const expression = `process.env[${JSON.stringify(name)}] ??= ${JSON.stringify(value)}`
  try {
    await new Promise<void>((resolve, reject) => {
      const slow = setTimeout(() => reject(new Error('the main thread does not answer')), patience)
      session.post('Runtime.evaluate', { expression }, (error, answer) => {
        clearTimeout(slow)
        const reason = error?.message ?? answer?.exceptionDetails?.text
        if (reason === undefined) resolve()
        else reject(new Error(reason))
      })
    })
  } finally {
    session.disconnect()
  }
}

interface Deno {
  readonly env: { readonly set: (name: string, value: string) => void }
}

const isDeno = (value: unknown): value is Deno => typeof value === 'object' && value !== null && 'env' in value

/** Deno's own interface sets it for the process, from every thread. */
function setInDeno(name: string, value: string): void {
  const deno: unknown = Reflect.get(globalThis, 'Deno')
  if (isDeno(deno)) deno.env.set(name, value)
}

interface Library {
  readonly symbols: { readonly setenv: (name: Uint8Array, value: Uint8Array, replace: number) => number }
  readonly close: () => void
}

interface ForeignFunctions {
  readonly dlopen: (path: string, symbols: object) => Library
}

/** Bun calls the C library. */
async function setByLibrary(name: string, value: string): Promise<void> {
  // Not by its name, which other runtimes and bundlers would look for.
  const moduleName = 'bun:ffi'
  const { dlopen }: ForeignFunctions = await import(moduleName)
  const path = process.platform === 'darwin' ? 'libSystem.B.dylib' : 'libc.so.6'
  const library = dlopen(path, { setenv: { args: ['cstring', 'cstring', 'i32'], returns: 'i32' } })
  try {
    const failed = library.symbols.setenv(Buffer.from(`${name}\0`), Buffer.from(`${value}\0`), 1)
    if (failed !== 0) throw new Error('setenv of the C library fails')
  } finally {
    library.close()
  }
}
