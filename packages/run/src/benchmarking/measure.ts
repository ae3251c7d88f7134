import { costOf, createModel, type Engine, type ImageShape, type Model } from '@convzoo/core'
import { internalError, requireClasses, sizeOf, unusableOption } from '@convzoo/core/define'
import { completeEngine } from '../config/config.js'
import { given } from '../config/given.js'
import { chooseEngine, openEngine } from '../engine/choice.js'
import { installedDefinitions } from '../plugins/definitions.js'
import { resolveArchitecture } from '../plugins/installed.js'
import { type Clocked, clockPredictions, clockTraining } from './clock.js'
import type { BenchmarkMode } from './modes.js'
import type { ParsedBenchmarkOptions } from './options.js'
import { type LayerTime, profiled, requireRecord } from './profile.js'

/** How fast a network is. */
export interface Benchmark {
  /** With its tag: `alexnet.notebook`. */
  readonly architecture: string
  readonly input: ImageShape
  readonly engine: string
  readonly device: string
  /** What it ran on, in one line. */
  readonly description: string
  readonly mode: BenchmarkMode
  readonly batchSize: number
  /** How many were counted; two before them were not. */
  readonly steps: number
  /** Of the best step. */
  readonly imagesPerSecond: number
  readonly millisecondsPerStep: { readonly best: number; readonly p50: number; readonly p90: number }
  /**
   * Of the best step, 10⁹ multiplications and additions of a plain computation of convolutions and dense layers, whatever way was taken: once for a prediction;
   * in training thrice, for output, gradient of the weights and gradient of the input, of which the first layers have none.
   */
  readonly gigaflopsPerSecond: number
  /** The most that this process has had; what a GPU has of its own is not counted. */
  readonly peakMemoryBytes: number
  /** Where the time goes, in the order of the network, of some more steps, which the record makes slower. */
  readonly layers?: readonly LayerTime[]
}

/** Steps that are counted at least. */
const leastSteps = 5

/** Undefined if it was stopped. */
export async function measured(id: string, options: ParsedBenchmarkOptions): Promise<Benchmark | undefined> {
  const { mode, batchSize, seconds, signal, told } = options
  const { architecture, tag, tagName } = await resolveArchitecture(id)
  const input = options.input ?? tag.defaults.input
  const model = createModel(architecture, { tag: tagName, input, ...given({ classes: options.classes }) })
  if (mode === 'train') requireClasses(model)
  requireRoom(input, batchSize)
  const settings = await completeEngine(options.engine, installedDefinitions())
  const choice = await chooseEngine(settings.name, settings.device)
  if (options.profile) await requireRecord(choice)
  const clock = clocks[mode]
  const until = { batchSize, least: leastSteps, signal, log: (line: string) => told.log(line) }
  const clocked = await clock(model, await openEngine(settings), { ...until, seconds })
  if (clocked === undefined) return undefined
  const { imagesPerSecond, ...speed } = speedOf(clocked, batchSize)
  const peakMemoryBytes = 1024 * process.resourceUsage().maxRSS
  const layers = options.profile
    ? await profiled(model, settings, mode, (engine: Engine) => clock(model, engine, { ...until, seconds: 0 }))
    : []
  if (layers === undefined) return undefined
  return {
    ...{
      architecture: `${architecture.name}.${tagName}`,
      input,
      engine: choice.engine,
      device: choice.device,
      description: clocked.description,
    },
    ...{ mode, batchSize, imagesPerSecond, ...speed },
    gigaflopsPerSecond: (2 * multiplyAddsOf(model, mode) * imagesPerSecond) / 1e9,
    peakMemoryBytes,
    ...(options.profile ? { layers } : {}),
  }
}

/** Numbers that an array of images may have. */
const mostNumbers = 2 ** 31

/** @throws ConvzooError of kind `option` for a batch that no array holds. */
function requireRoom(input: ImageShape, batchSize: number): void {
  const most = Math.floor(mostNumbers / sizeOf(input))
  if (batchSize <= most) return
  throw unusableOption('"batchSize" of benchmark', {
    expected: `at most ${most} images ${input.join('x')}`,
    received: `${batchSize}`,
  })
}

const clocks = { train: clockTraining, infer: clockPredictions } satisfies Record<BenchmarkMode, unknown>

function speedOf({ milliseconds }: Clocked, batchSize: number) {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (part: number): number => {
    const found = sorted[Math.ceil(part * sorted.length) - 1]
    if (found === undefined) throw internalError('Nothing was measured.')
    return found
  }
  const [best = at(0.1)] = sorted
  return {
    steps: sorted.length,
    imagesPerSecond: (1000 * batchSize) / best,
    millisecondsPerStep: { best, p50: at(0.5), p90: at(0.9) },
  }
}

/** For one image. */
function multiplyAddsOf(model: Model, mode: BenchmarkMode): number {
  const { layers, totals } = costOf(model)
  if (mode === 'infer') return totals.multiplyAdds
  const inputs = new Set(model.inputs.map(({ application: { owner } }) => owner.name))
  const first = new Set(
    model.layers.flatMap(({ name, applications }) =>
      applications.some(
        ({ inputs: of }) => of.length > 0 && of.every(({ application }) => inputs.has(application.owner.name)),
      )
        ? [name]
        : [],
    ),
  )
  return layers.reduce((sum, { name, multiplyAdds }) => sum + (first.has(name) ? 2 : 3) * multiplyAdds, 0)
}
