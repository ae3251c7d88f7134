import {
  type Architecture,
  adamW,
  categoricalCrossentropy,
  createModel,
  type Engine,
  type Executable,
  type ImageShape,
  type Inputs,
  idsOf,
  type Model,
  type Optimizer,
  renderJson,
  type Shape,
  sharedRegistry,
  summarize,
} from '@convzoo/core'
import {
  defineOptions,
  integer,
  invalid,
  matching,
  optimizerOption,
  optional,
  required,
  requireKnownOptions,
  sizeOf,
} from '@convzoo/core/define'
import {
  createProgram,
  functionName,
  initialState,
  interpreterEngine,
  type Program,
  scalarsAt,
  seedWords,
} from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { numbers } from './numbers.js'
import { engineMaker, skips } from './options.js'
import { patient } from './patient.js'
import { type Skips, skipping } from './skips.js'

/** What a paper, or another implementation, says of a tag's network at its default input and classes. */
export interface ExpectedNumbers {
  readonly parameters?: number
  /** Layers, inputs included. */
  readonly layers?: number
  /** Output shapes by layer name, without the batch axis. */
  readonly shapes?: Readonly<Record<string, Shape>>
}

/** The part of a plugin's package.json by which it is found. */
export interface PluginManifest {
  readonly name: string
  readonly version: string
  readonly convzoo?: Readonly<Record<string, readonly string[]>>
  readonly sideEffects?: boolean | readonly string[]
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

type Expected = Readonly<Record<string, ExpectedNumbers>>

export interface DescribeArchitectureOptions {
  /** The input with which networks are trained here; a small one makes the suite fast. The tag's default otherwise. */
  readonly small?: ImageShape
  /** Further inputs at which it must build. */
  readonly sizes?: readonly ImageShape[]
  /** Makes the engine that trains; core's interpreter by default, which is enough for small networks. */
  readonly engine?: () => Engine
  /** What overfits eight images in so many steps; AdamW at 0.003 by default. */
  readonly optimizer?: Optimizer
  /** In how many training steps it is to overfit them; 60 by default. */
  readonly steps?: number
  /** By tag. */
  readonly expected?: Readonly<Record<string, ExpectedNumbers>>
  /** The plugin's package.json, to see that it is found, and registered when it is imported. */
  readonly manifest?: PluginManifest
  /** Tests that do not apply, by title or by `tag > title`, each with the reason. */
  readonly skip?: Skips
}

const isImageShape = (value: unknown): value is ImageShape =>
  Array.isArray(value) && value.length === 3 && value.every((length) => Number.isInteger(length) && length > 0)

const suiteOptions = defineOptions({
  small: optional(matching('[height, width, channels]', isImageShape)),
  sizes: optional(
    matching(
      'a list of [height, width, channels]',
      (value): value is readonly ImageShape[] => Array.isArray(value) && value.every(isImageShape),
    ),
    [],
  ),
  engine: optional(engineMaker, () => interpreterEngine({ precision: 'float32' })),
  optimizer: optional(optimizerOption, adamW({ learningRate: 0.003 })),
  steps: optional(integer(1), 60),
  expected: optional(
    required<Expected, Expected>('numbers by tag', (value, subject) => {
      if (typeof value !== 'object' || value === null) return invalid
      for (const [tag, numbersOfTag] of Object.entries(value)) {
        requireKnownOptions(`the ${subject} for the tag "${tag}"`, numbersOfTag, ['parameters', 'layers', 'shapes'])
      }
      return { ...value }
    }),
    {},
  ),
  manifest: optional(
    matching('a package.json', (value): value is PluginManifest => typeof value === 'object' && value !== null),
  ),
  skip: skips,
})

type SuiteOptions = ReturnType<typeof suiteOptions.parse>

const images = 8
const trainedClasses = 4
const minutes = 60_000

/**
 * The conformance suite of an architecture, for vitest. Every tag is built at several inputs and numbers of classes, the same each time,
 * with the numbers that its paper gives; every trainable weight has a gradient; eight images are overfitted in `steps` steps; state goes
 * out and in.
 *
 * @example
 * describeArchitecture(vgg, { small: [32, 32, 3], expected: { '16': { parameters: 138_357_544 } } })
 */
export function describeArchitecture(architecture: Architecture, given: DescribeArchitectureOptions = {}): void {
  // Refuses what is no architecture before its name is read.
  idsOf(architecture)
  const options = suiteOptions.parse('describeArchitecture', given)
  const { expected, manifest, skip } = options
  describe(`architecture ${architecture.name}`, patient, () => {
    skipping(skip)

    it('is registered when it is imported', () => {
      for (const id of idsOf(architecture)) {
        expect(sharedRegistry().resolve(id).architecture.package, id).toEqual(architecture.package)
      }
    })

    it('has expected numbers only for tags that it has', () => {
      expect(Object.keys(expected).filter((tag) => !Object.hasOwn(architecture.tags, tag))).toEqual([])
    })

    if (manifest !== undefined) describeManifest(architecture, manifest)
    for (const tag of Object.keys(architecture.tags)) {
      describe(tag, () => {
        describeBuilding(architecture, tag, options)
        describeTraining(architecture, tag, options)
      })
    }
  })
}

function describeManifest({ name, package: own }: Architecture, manifest: PluginManifest): void {
  it('is found by its package.json', () => {
    expect(manifest.convzoo?.['architecture/v1'] ?? []).toContain(name)
    expect({ name: manifest.name, version: manifest.version }).toEqual(own)
  })

  it('shares core with its user, and stays in bundles', () => {
    expect(Object.keys(manifest.peerDependencies ?? {})).toContain('@convzoo/core')
    expect(Object.keys(manifest.dependencies ?? {})).not.toContain('@convzoo/core')
    expect(manifest.sideEffects, '"sideEffects" must not say that importing it does nothing').not.toBe(false)
  })
}

function describeBuilding(architecture: Architecture, tag: string, { small, sizes, expected }: SuiteOptions): void {
  const { defaults } = architecture.tags[tag] ?? { defaults: { input: [1, 1, 1], classes: 1 } }
  const inputs = [defaults.input, ...(small === undefined ? [] : [small]), ...sizes]

  it.each(inputs.map((input) => ({ input })))('builds at $input for 1, 2 and 1000 classes', ({ input }) => {
    for (const classes of [1, 2, 1000]) {
      const model = createModel(architecture, { tag, input, classes })
      expect(model.output.shape).toEqual([classes])
      expect(model.inputs.map(({ shape }) => shape)).toEqual([input])
    }
  })

  it('is the same network each time it is built', () => {
    const built = () => {
      const model = createModel(architecture, { tag })
      return { summary: renderJson(summarize(model)), weights: model.weights, auxiliary: model.auxiliary.length }
    }
    expect(built()).toEqual(built())
  })

  const numbersOfTag = expected[tag]
  if (numbersOfTag === undefined) return
  it('has the expected numbers', () => {
    const model = createModel(architecture, { tag })
    const { parameters, layers, shapes = {} } = numbersOfTag
    if (parameters !== undefined) expect(summarize(model).totals.parameters).toBe(parameters)
    if (layers !== undefined) expect(model.layers).toHaveLength(layers)
    const found = Object.fromEntries(model.layers.map(({ name, outputShape }) => [name, outputShape]))
    for (const [name, shape] of Object.entries(shapes)) expect(found[name], name).toEqual(shape)
  })
}

function describeTraining(
  architecture: Architecture,
  tag: string,
  { small, engine, optimizer, steps }: SuiteOptions,
): void {
  const network = (): Model =>
    createModel(architecture, { tag, classes: trainedClasses, ...(small === undefined ? {} : { input: small }) })
  const program = (model: Model, kind: 'train' | 'accumulate'): Program =>
    createProgram({
      model,
      loss: categoricalCrossentropy(),
      optimizer,
      accumulation: kind === 'accumulate',
      batchSizes: { [kind]: [images] },
      stochastic: false,
    })
  const running = async (made: Program, use: (executable: Executable) => Promise<void>): Promise<void> => {
    const executable = await engine().compile(made)
    try {
      await executable.writeState(initialState(made, 1))
      await use(executable)
    } finally {
      await executable.dispose()
    }
  }
  const train = functionName('train', images)

  it(
    'has a gradient for every trainable weight',
    async () => {
      const made = program(network(), 'accumulate')
      await running(made, async (executable) => {
        await executable.run(functionName('accumulate', images), batch(network(), optimizer, 0))
        const gradients = made.state.filter(({ role }) => role === 'gradient').map(({ name }) => name)
        const dead: string[] = []
        for await (const { name, data } of executable.readState(gradients)) {
          if (!data.some((value) => value !== 0)) dead.push(name)
        }
        expect(dead).toEqual([])
      })
    },
    5 * minutes,
  )

  it(
    `overfits ${images} images in ${steps} steps without dropout`,
    async () => {
      const model = network()
      await running(program(model, 'train'), async (executable) => {
        const history: number[] = []
        for (let step = 0; step <= steps; step++) {
          const { losses = [], finite } = await executable.run(train, batch(model, optimizer, step))
          expect(finite?.[0], `step ${step} is finite`).toBe(1)
          history.push([...losses].reduce((sum, loss) => sum + loss, 0) / images)
        }
        expect(history.at(-1), `losses ${history.map((loss) => loss.toFixed(3)).join(' ')}`).toBeLessThan(0.1)
      })
    },
    10 * minutes,
  )

  it(
    'goes on from state that was read and written back',
    async () => {
      const model = network()
      const made = program(model, 'train')
      await running(made, async (first) => {
        await first.run(train, batch(model, optimizer, 0))
        await running(made, async (second) => {
          await second.writeState(first.readState())
          const results = await Promise.all([first, second].map((each) => each.run(train, batch(model, optimizer, 1))))
          expect(results[1]?.losses).toEqual(results[0]?.losses)
        })
      })
    },
    5 * minutes,
  )
}

/** The same images at every step; each class has two. */
function batch(model: Model, optimizer: Optimizer, step: number): Inputs {
  const targets = new Float32Array(images * trainedClasses)
  for (let image = 0; image < images; image++) targets[image * trainedClasses + (image % trainedClasses)] = 1
  return {
    images: numbers('images to learn by heart', images * sizeOf(model.inputs[0]?.shape ?? []), -1, 1),
    targets,
    sampleIndices: Uint32Array.from({ length: images }, (_, index) => index),
    seed: Uint32Array.from(seedWords(1)),
    step,
    ...scalarsAt(optimizer, step),
  }
}
