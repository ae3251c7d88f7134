import { once } from 'node:events'
import type { Command } from 'commander'
import { addEngineFlags, type EngineChoice } from '../flags/engine-flags.js'
import { addWeightsFlags, oneNetwork, saidOfWeights, type WeightsFlags } from '../flags/weights-flags.js'
import { numberBetween, wholeNumber } from '../terminal/arguments.js'
import { watchInterruption } from '../terminal/interruption.js'
import { say, warn } from '../terminal/output.js'

interface ServeFlags extends WeightsFlags {
  readonly host?: string
  readonly port?: number
  readonly top?: number
  readonly batchSize?: number
  readonly workers?: number
  readonly maxUpload?: number
  readonly maxFiles?: number
  readonly queue?: number
  readonly timeout?: number
}

const megabyte = 2 ** 20

/** Megabytes that the bytes of a request can be counted in. */
const mostUpload = 1024

/** Seconds in a day: nobody sends longer. */
const longest = 86_400

export async function addServe(program: Command, parameters: readonly string[]): Promise<void> {
  const command = program
    .command('serve')
    .description(
      'Answers over HTTP what a trained network takes photographs for: POST /predict, and a page to drop them on. Ctrl-C ends it.',
    )
    .argument(
      '[network]',
      'the folder that `convzoo train` made, a file of weights (.safetensors, .pth, .pt), or what `convzoo export` wrote (.onnx)',
    )
    .option('--host <address>', 'where to listen (127.0.0.1, which only this machine reaches)')
    .option('--port <number>', 'which port, 0 for any that is free (8080)', numberBetween('--port', 0, 65535))
    .option('--top <number>', 'classes a picture where a request says nothing (5)', wholeNumber('--top', 1))
    .option('--batch-size <number>', 'pictures seen at once when many wait (16)', wholeNumber('--batch-size', 1))
    .option('--workers <number>', 'threads that decode pictures (all processors)', wholeNumber('--workers', 1))
    .option('--max-upload <MB>', 'the size of a request (32)', numberBetween('--max-upload', 1 / megabyte, mostUpload))
    .option('--max-files <number>', 'pictures in a request (32)', wholeNumber('--max-files', 1))
    .option('--queue <pictures>', 'in the house at once; others are told to come back (256)', wholeNumber('--queue', 1))
    .option(
      '--timeout <seconds>',
      'within which a request has to come (30)',
      numberBetween('--timeout', 0.001, longest),
    )
  addWeightsFlags(command)
  const engine = await addEngineFlags(command, parameters)
  command.action((network: string | undefined, flags: ServeFlags) => serveNetwork(network, flags, engine))
}

async function serveNetwork(network: string | undefined, flags: ServeFlags, engine: EngineChoice): Promise<void> {
  const place = oneNetwork('serve', flags, network)
  const { host, port, top, batchSize, workers, maxUpload, maxFiles, queue, timeout } = flags
  using interruption = watchInterruption(
    (line) => void warn(line),
    'Stopping when what has come is answered; once more to stop at once.',
  )
  const { serve } = await import('@convzoo/serve')
  await using served = await serve(place, {
    ...saidOfWeights(flags),
    ...engine(),
    ...{ host, port, top, batchSize, workers, maxFiles, queue, timeout },
    maxBytes: maxUpload === undefined ? undefined : Math.round(maxUpload * megabyte),
    onWarning: (line) => void warn(line),
  })
  await say(`${served.id}, ${served.classes.length} classes: ${served.url}`)
  if (!interruption.signal.aborted) await once(interruption.signal, 'abort')
}
