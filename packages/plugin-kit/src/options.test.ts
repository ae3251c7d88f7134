import { categoricalCrossentropy, defineArchitecture, dense, flatten, sgd, sgdw } from '@convzoo/core'
import { interpreterEngine } from '@convzoo/core/engine'
import { describe, expect, it } from 'vitest'
import { describeOptions } from '../../../tools/option-face.js'
import * as entry from './index.js'

const architecture = defineArchitecture({
  specification: 'architecture/v1',
  package: { name: '@test/options', version: '1.0.0' },
  name: 'options-net',
  title: 'Options',
  paper: { title: 'Options', authors: [], year: 2000, url: 'https://example.org/' },
  tags: {
    only: {
      defaults: { input: [4, 4, 1], classes: 2 },
      preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1] },
      build: ({ input, classes }) => dense({ units: classes })(flatten()(input)),
    },
  },
})

describeOptions('@convzoo/plugin-kit', {
  exports: entry,
  cases: {
    describeArchitecture: (unknown) => entry.describeArchitecture(architecture, { ...unknown }),
    describeEngine: (unknown) => entry.describeEngine('interpreter', { create: () => interpreterEngine(), ...unknown }),
    describeLayer: (unknown) =>
      entry.describeLayer('flatten', { create: () => flatten(), input: [2, 2, 1], ...unknown }),
    describeLoss: (unknown) => entry.describeLoss(categoricalCrossentropy, { ...unknown }),
    describeOptimizer: (unknown) => entry.describeOptimizer(sgd, { ...unknown }),
  },
  without: {},
})

describe('what a paper says', () => {
  it('is refused under a name that nobody reads', () => {
    const expected: object = { only: { params: 34 } }
    expect(() => entry.describeArchitecture(architecture, { expected: { ...expected } })).toThrow(
      /tag "only" has no option "params"/,
    )
  })
})

describe('a suite', () => {
  const wrong: readonly unknown[] = [undefined, null, Number.NaN, ['unknwon'], { unknwon: 1 }, () => {}]

  it.each(wrong)('of %j is refused in words', (given) => {
    const calls: readonly (() => void)[] = [
      () => entry.describeArchitecture(given as never),
      () => entry.describeEngine(given as never, { create: () => interpreterEngine() }),
      () => entry.describeOptimizer(given as never, { create: () => sgdw({ weightDecay: 0 }) }),
      () => entry.describeEngine('interpreter', given as never),
      () => entry.describeOptimizer('sgdw', given as never),
      () => entry.describeLoss(given as never, { create: () => categoricalCrossentropy() }),
      () => entry.describeLoss('categoricalCrossentropy', given as never),
      () => entry.describeLayer(given as never, { create: () => flatten(), input: [2, 2, 1] }),
      () => entry.describeLayer('flatten', given as never),
    ]
    for (const call of calls) expect(call).toThrow(expect.objectContaining({ name: 'ConvzooError', kind: 'option' }))
  })
})

describe('a suite of a definition', () => {
  const create = () => sgdw({ weightDecay: 0 })

  it.each([{ create }, { options: 'momentum' }, { options: [] }])('refuses %j', (given) => {
    const wrong: unknown = given
    expect(() => entry.describeOptimizer(sgdw, wrong as never)).toThrow(/option/)
  })
})
