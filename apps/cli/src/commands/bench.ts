import type { Benchmark, LayerTime } from '@convzoo/run'
import { type BenchmarkMode, benchmarkModes, given, longestBenchmark } from '@convzoo/run/config'
import { type Command, Option } from 'commander'
import { addEngineFlags, type EngineChoice } from '../flags/engine-flags.js'
import { numberBetween, oneOf, wholeNumber } from '../terminal/arguments.js'
import { watchInterruption } from '../terminal/interruption.js'
import { say, sayJson, warn } from '../terminal/output.js'
import { type NetworkFlags, takesNetwork } from './network.js'

interface BenchFlags extends NetworkFlags {
  readonly mode: BenchmarkMode
  readonly batchSize: number
  readonly seconds: number
  readonly profile?: boolean
  readonly json?: boolean
}

export async function addBench(program: Command, parameters: readonly string[]): Promise<void> {
  const command = takesNetwork(
    program
      .command('bench')
      .description(
        'How fast a network trains or predicts on this machine, on images of noise in memory: images a second, milliseconds of a step, memory.',
      )
      .argument('<id>', 'name or name.tag, such as alexnet'),
  )
    .addOption(
      new Option('--mode <mode>', 'train (whole steps, with the update) or infer (predictions)')
        .default('train')
        .argParser(oneOf('--mode', benchmarkModes)),
    )
    .addOption(
      new Option('--batch-size <images>', 'images in a step').default(32).argParser(wholeNumber('--batch-size', 1)),
    )
    .addOption(
      new Option('--seconds <seconds>', 'for so long it is measured at least, and five steps')
        .default(10)
        .argParser(numberBetween('--seconds', 0, longestBenchmark)),
    )
    .option('--profile', "and where the time goes, layer by layer, by the runtime's own record of some more steps")
    .option('--json', 'for programs')
  const engine = await addEngineFlags(command, parameters)
  command.action((id: string, flags: BenchFlags) => bench(id, flags, engine))
}

async function bench(id: string, flags: BenchFlags, engine: EngineChoice): Promise<void> {
  const { json, input, classes, mode, batchSize, seconds, profile } = flags
  using interruption = watchInterruption((line) => void warn(line))
  const { benchmark } = await import('@convzoo/run')
  const found = await benchmark(id, {
    ...given({ input, classes, mode, batchSize, seconds, profile }),
    ...engine(),
    onLog: (line) => void warn(line),
    onWarning: (line) => void warn(line),
    signal: interruption.signal,
  })
  if (found === undefined) {
    process.exitCode = interruption.exitCode ?? 1
    return await warn('Stopped; nothing is told.')
  }
  if (json === true) return await sayJson(found)
  await say([...speedLines(found), ...(found.layers === undefined ? [] : profileLines(found.layers))])
}

function speedLines(found: Benchmark): readonly string[] {
  const { architecture, input, engine, device, description, mode, batchSize, steps, millisecondsPerStep } = found
  const { best, p50, p90 } = millisecondsPerStep
  return [
    `${architecture}, ${input.join('x')}, ${mode}, batch size ${batchSize}`,
    `engine  ${engine} on ${device}: ${description}`,
    `step    ${milliseconds(best)} at best, ${milliseconds(p50)} in the middle, ${milliseconds(p90)} for nine in ten; ${steps} steps`,
    `speed   ${found.imagesPerSecond.toPrecision(4)} images a second, ${found.gigaflopsPerSecond.toPrecision(3)} GFLOP/s, at best`,
    `memory  ${(found.peakMemoryBytes / 1e6).toFixed(0)} MB of this process at most`,
  ]
}

const milliseconds = (value: number): string => `${value.toPrecision(value < 1000 ? 3 : 4)} ms`

function profileLines(layers: readonly LayerTime[]): readonly string[] {
  const columns = ['forward', 'backward', 'update'] as const
  const width = Math.max(...layers.map(({ layer }) => layer.length), 'together'.length)
  const row = (layer: string, values: readonly string[]): string =>
    [layer.padEnd(width), ...values.map((value) => value.padStart(9))].join(' ').trimEnd()
  const number = (value: number): string => (value === 0 ? '' : value.toFixed(2))
  const sum = (of: (time: LayerTime) => number): number => layers.reduce((total, time) => total + of(time), 0)
  return [
    '',
    row('ms', [...columns]),
    ...layers.map((time) =>
      row(
        time.layer,
        columns.map((column) => number(time[column])),
      ),
    ),
    row(
      'together',
      columns.map((column) => number(sum((time) => time[column]))),
    ),
  ]
}
