import { type MessagePort, parentPort } from 'node:worker_threads'
import { internalError } from '@convzoo/core/define'
import { type Host, serve } from '@convzoo/core/engine'
import { type HostStart, hostOf } from './host.js'
import { loadRuntime } from './load.js'
import { recordsIn } from './records-in.js'
import type { Runtime, Source } from './runtime.js'

/** What the worker needs before it can run a program. */
export interface WorkerStart extends HostStart {
  readonly source: Source
  /** The folder that a record of each function is written into. */
  readonly profile?: string | undefined
}

/** The worker serves several programs, each at a port of its own. */
export interface OpenPort {
  readonly port: MessagePort
}

let runtime: Promise<Runtime> | undefined

async function start({ source, profile, ...program }: WorkerStart): Promise<Host> {
  runtime ??= loadRuntime(source)
  const loaded = await runtime.catch((error: unknown) => {
    // Whoever asks next may find what was missing.
    runtime = undefined
    throw error
  })
  return hostOf(loaded, program, profile === undefined ? undefined : recordsIn(profile, loaded))
}

if (parentPort === null) throw internalError('This file runs in a worker thread.')
parentPort.on('message', ({ port }: OpenPort) => serve(port, { runtime: 'TensorFlow.js', start }))
