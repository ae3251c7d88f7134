import * as core from './faces.js'

/** One of each thing that a function of core takes, for tests that call them wrongly. */

export const images = core.input({ shape: [4, 4, 1] })
export const output = core.dense({ units: 2 })(core.flatten()(images))
export const model = core.functionalModel({ inputs: images, output })
export const loss = core.categoricalCrossentropy()
export const builder = new core.GraphBuilder()
export const ops = core.opsFor(builder)
export const value = ops.constant(1, [2, 3])
export const summary = core.summarize(model)
export const program = core.createProgram({
  model,
  loss,
  optimizer: core.sgdw({ weightDecay: 0 }),
  batchSizes: { predict: [1] },
})
export const convolution = {
  strides: [1, 1],
  padding: { top: 0, bottom: 0, left: 0, right: 0 },
  dilations: [1, 1],
  groups: 1,
} as const
export const pool = { size: [2, 2], strides: [1, 1], padding: convolution.padding } as const

export const tag = {
  defaults: { input: [4, 4, 1], classes: 2 },
  preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1] },
  build: ({ input, classes }) => core.dense({ units: classes })(core.flatten()(input)),
} as const satisfies core.ArchitectureTag

export const architecture = core.defineArchitecture({
  specification: 'architecture/v1',
  package: { name: '@test/arguments', version: '1.0.0' },
  name: 'arguments-net',
  title: 'Arguments',
  paper: { title: 'Arguments', authors: [], year: 2000, url: 'https://example.org/' },
  tags: { only: tag },
})
