import { MessageChannel, SHARE_ENV, Worker } from 'node:worker_threads'
import { ConvzooError } from '@convzoo/core'
import { WorkerClient } from '@convzoo/core/engine'
import { ownFile } from '@convzoo/files'
import { type RuntimeOptions, setEnvironment } from './environment.js'
import type { Source } from './runtime.js'
import type { OpenPort } from './tfjs-worker.js'

interface Thread {
  readonly worker: Worker
  /** Whether TensorFlow's library is in it. */
  readonly isNative: boolean
  /** What it has loaded and with which settings. */
  readonly settings: string
}

/**
 * The threads of this process, by the folder of the package that each has loaded. There is one TensorFlow in a process, whoever asks
 * for it: it is initialized once, its memory is shared, and its binding does not load in a second thread on every version of Node.
 */
const threads = new Map<string, Thread>()

/** Which thread it is: that of a package by its folder, so that no project is served by the package of another. */
function keyOf(source: Source): string {
  if (source.device === 'cpu') return source.device
  return source.device === 'webgpu' ? (source.installed?.folder ?? source.device) : source.folder
}

/**
 * A way to the thread that runs a package, started if need be.
 *
 * @throws ConvzooError of kind `engine` if this process runs another native package, or the same with other settings, or cannot be reached.
 */
export async function openThread(
  source: Source,
  options: RuntimeOptions,
): Promise<{
  readonly client: WorkerClient
  readonly close: () => void
}> {
  // TensorFlow reads the environment of the process, not the thread's copy of it.
  const isNative = 'folder' in source
  if (isNative) await setEnvironment(options)
  const key = keyOf(source)
  const thread = threads.get(key) ?? startThread(key, isNative, options)
  const { worker } = thread
  if (isNative) requireSettings(key, thread, options)
  const { port1, port2 } = new MessageChannel()
  const client = new WorkerClient(port1, 'TensorFlow.js')
  const failed = ({ message }: Error) => client.fail(message)
  const ended = (code: number) => client.fail(`its thread ended with code ${code}`)
  worker.on('error', failed)
  worker.on('exit', ended)
  worker.postMessage({ port: port2 } satisfies OpenPort, [port2])
  return {
    client,
    close() {
      client.fail('it has been disposed of')
      worker.off('error', failed)
      worker.off('exit', ended)
      port1.close()
    },
  }
}

function startThread(key: string, isNative: boolean, options: RuntimeOptions): Thread {
  const worker = new Worker(ownFile('tfjs-worker.js', { packageName: '@convzoo/engine-tfjs', from: import.meta.url }), {
    env: SHARE_ENV,
  })
  worker.unref()
  // One listener for each program that is open.
  worker.setMaxListeners(0)
  worker.once('exit', () => threads.delete(key))
  const thread = { worker, isNative, settings: JSON.stringify(options) }
  threads.set(key, thread)
  return thread
}

function requireSettings(key: string, { settings }: Thread, options: RuntimeOptions): void {
  const other = [...threads].find(([folder, thread]) => folder !== key && thread.isNative)?.[0]
  if (other === undefined && settings === JSON.stringify(options)) return
  throw new ConvzooError({
    kind: 'engine',
    message: 'TensorFlow can be loaded once in a process, with one set of options.',
    expected: other ?? `the options it was loaded with: ${settings}`,
    received: other === undefined ? JSON.stringify(options) : key,
    hint: 'use one device of engine tfjs in a process, with the same options',
  })
}
