import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BuildInputs } from '../contracts/index.js'
import { conv2d, dense, flatten, input, maxPool2d } from '../layers/index.js'
import { createNameScope, type SymbolicTensor } from '../model/index.js'
import { errorOf } from '../testing/error-of.js'
import { createModel } from './create-model.js'
import { defineArchitecture } from './define-architecture.js'
import { register } from './registry.js'

const description = {
  specification: 'architecture/v1',
  package: { name: '@test/model-toy', version: '1.0.0' },
  name: 'model-toy',
  title: 'Toy',
  paper: { title: 'Toys', authors: ['A. Author'], year: 2000, url: 'https://example.org/' },
  tags: {
    flat: {
      defaults: { input: [4, 4, 1], classes: 2 },
      preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1] },
      build: ({ input: images, classes }) => dense({ units: classes, activation: 'softmax' })(flatten()(images)),
    },
    pooled: {
      defaults: { input: [6, 6, 3], classes: 5 },
      preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1] },
      build: ({ input: images, classes }) => dense({ units: classes })(flatten()(maxPool2d({})(images))),
    },
  },
} as const satisfies Parameters<typeof defineArchitecture>[0]

const toy = defineArchitecture(description)

const layersOf = (...given: Parameters<typeof createModel>) => createModel(...given).layers.map(({ name }) => name)

const key = Symbol.for('convzoo.registry/v1')

describe('createModel', () => {
  beforeEach(() => {
    register(toy)
  })
  afterEach(() => {
    Reflect.deleteProperty(globalThis, key)
  })

  it('makes a network by name, by id, by value and by tag', () => {
    const flat = ['input_1', 'flatten', 'dense']
    const pooled = ['input_1', 'max_pooling2d', 'flatten', 'dense']
    expect(layersOf('model-toy')).toEqual(flat)
    expect(layersOf('model-toy.pooled')).toEqual(pooled)
    expect(layersOf(toy)).toEqual(flat)
    expect(layersOf(toy, { tag: 'pooled' })).toEqual(pooled)
  })

  it('needs no registry for a value', () => {
    Reflect.deleteProperty(globalThis, key)
    expect(layersOf(toy)).toHaveLength(3)
    expect(errorOf(() => createModel('model-toy')).kind).toBe('registry')
  })

  it('takes the defaults of its tag, or what it is given', () => {
    const shapes = (...given: Parameters<typeof createModel>) => {
      const { inputs, output } = createModel(...given)
      return [inputs[0]?.shape, output.shape]
    }
    expect(shapes(toy)).toEqual([[4, 4, 1], [2]])
    expect(shapes('model-toy.pooled')).toEqual([[6, 6, 3], [5]])
    expect(shapes(toy, { input: [8, 8, 3], classes: 7 })).toEqual([[8, 8, 3], [7]])
  })

  it('builds on an input that several networks share, in its scope', () => {
    const images = input({ shape: [6, 6, 3] })
    const first = createModel(toy, { input: images })
    const second = createModel(toy, { input: images, tag: 'pooled' })
    expect([first.name, second.name]).toEqual(['model', 'model_1'])
    expect(second.layers.map(({ name }) => name)).toEqual(['input_1', 'max_pooling2d', 'flatten_1', 'dense_1'])
  })

  it('takes auxiliary heads from a build that gives them', () => {
    const headed = defineArchitecture({
      ...description,
      tags: {
        headed: {
          ...description.tags.flat,
          build: ({ input: images, classes }) => {
            const output = dense({ units: classes })(flatten()(images))
            return { output, auxiliary: [{ output: dense({ units: classes })(flatten()(images)), lossWeight: 0.3 }] }
          },
        },
      },
    })
    const { layers, auxiliary } = createModel(headed)
    expect(layers.map(({ name }) => name)).toEqual(['input_1', 'flatten', 'dense'])
    expect(auxiliary.map(({ layers: own, lossWeight }) => [lossWeight, ...own.map(({ name }) => name)])).toEqual([
      [0.3, 'flatten_1', 'dense_1'],
    ])
  })

  it('counts names in a scope that it is given, and takes a name', () => {
    const scope = createNameScope()
    createModel(toy, { scope })
    expect(createModel(toy, { scope }).name).toBe('model_1')
    expect(createModel(toy, { name: 'mine' }).name).toBe('mine')
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses %s classes', (classes) => {
    expect(errorOf(() => createModel(toy, { classes }))).toMatchObject({
      kind: 'option',
      expected: 'a whole number of at least 1',
    })
  })

  it.each([[{ input: [4, 4, 1], endsIn: 'features' }], [{ input: [4, 4, 1], classes: 0 }]] as const)(
    'ends in features where the defaults of a tag are %o, and in classes where they are asked for',
    (defaults) => {
      const features = defineArchitecture({
        ...description,
        tags: {
          plain: {
            ...description.tags.flat,
            defaults,
            build: ({ input: images, classes, endsIn }) =>
              endsIn === 'features' ? flatten()(images) : dense({ units: classes })(flatten()(images)),
          },
        },
      })
      const shapes = [{}, { classes: 0 }, { classes: 3 }].map((options) => {
        const { endsIn, classes, output } = createModel(features, options)
        return [endsIn, classes, ...output.shape]
      })
      expect(shapes).toEqual([
        ['features', 0, 16],
        ['features', 0, 16],
        ['classes', 3, 3],
      ])
      expect(errorOf(() => createModel(features, { classes: -1 })).expected).toBe('a whole number of at least 0')
    },
  )

  it('refuses a tag that would end in classes and in something else', () => {
    const defaults = { input: [4, 4, 1], classes: 3, endsIn: 'features' } as const
    const both = defineArchitecture({ ...description, tags: { flat: { ...description.tags.flat, defaults } } })
    expect(errorOf(() => createModel(both))).toMatchObject({ received: "classes: 3 and endsIn: 'features'" })
  })

  describe('on an input that is too small', () => {
    // Behind an 11×11 kernel that moves by 4, three poolings 3 / 2 leave one cell of 67: 15, 7, 3, 1. Of 66 they leave none: 14, 6, 2.
    const deep = defineArchitecture({
      ...description,
      name: 'deep-toy',
      tags: {
        only: {
          ...description.tags.pooled,
          defaults: { input: [227, 227, 3], classes: 2 },
          build: ({ input: images, classes }) => {
            let x = conv2d({ filters: 2, kernelSize: 11, strides: 4 })(images)
            for (let pooling = 0; pooling < 3; pooling++) x = maxPool2d({ poolSize: 3, strides: 2 })(x)
            return dense({ units: classes })(flatten()(x))
          },
        },
      },
    })
    const shapeOf = (shape: readonly [number, number, number]) => errorOf(() => createModel(deep, { input: shape }))

    it.each([
      [[66, 66, 3], 'window of layer max_pooling2d_2', '67×67'],
      [[20, 20, 1], 'window of layer max_pooling2d_1', '67×67'],
      [[1, 1, 1], 'kernel of layer conv2d', '67×67'],
      // The proportions stay: 67 rows need 134 columns.
      [[20, 40, 3], 'window of layer max_pooling2d_1', '67×134'],
      [[60, 50, 3], 'window of layer max_pooling2d_2', '81×67'],
    ] as const)('names the layer that does not fit %j, and the smallest that works', (shape, layer, smallest) => {
      const error = shapeOf(shape)
      expect(error).toMatchObject({
        kind: 'shape',
        expected: `an image of at least ${smallest}`,
        received: `${shape[0]}×${shape[1]}`,
      })
      expect(error.message).toMatch(`The input is too small for deep-toy.only. The ${layer} is larger than its input.`)
      const [rows = 0, columns = 0] = smallest.split('×').map(Number)
      expect(createModel(deep, { input: [rows, columns, 3] }).output.shape).toEqual([2])
    })

    it('says so of an input that is shared', () => {
      const images = input({ shape: [66, 66, 3] })
      expect(errorOf(() => createModel(deep, { input: images })).expected).toBe('an image of at least 67×67')
    })

    it('lets errors be that no size fixes', () => {
      const wrong = {
        ...toy,
        tags: { flat: { ...toy.tags.flat, build: () => dense({ units: 1 })(input({ shape: [1, 1, 1] })) } },
      }
      expect(errorOf(() => createModel(wrong)).message).toMatch(/^The layer dense takes one row of features/)
    })
  })

  describe('on a build that gives no network,', () => {
    const built = (build: (inputs: BuildInputs) => unknown, classes = 2) =>
      errorOf(() =>
        createModel({
          ...description,
          tags: { flat: { ...description.tags.flat, defaults: { input: [4, 4, 1], classes }, build: build as never } },
        }),
      )
    const head = (x: SymbolicTensor, units: number) => dense({ units })(flatten()(x))

    it.each<[string, (inputs: BuildInputs) => unknown, string]>([
      ['nothing', () => undefined, 'nothing'],
      ['null', () => null, 'null'],
      ['a promise', async ({ input: images }) => head(images, 2), 'a promise'],
      ['a layer', () => dense({ units: 2 }), 'a function: a layer that is not applied'],
      ['a text', () => 'dense', '"dense"'],
      ['a network without an output', () => ({ auxiliary: [] }), '{"auxiliary":[]}'],
      ['a list', ({ input: images }) => [head(images, 2)], 'an object'],
      ['an output of another input', () => head(input({ shape: [4, 4, 1] }), 2), 'input_1 (4, 4, 1)'],
      ['its input', ({ input: images }) => images, '(4, 4, 1)'],
      ['another number of classes', ({ input: images }) => head(images, 3), '(3,)'],
      [
        'a head of another input',
        ({ input: images }) => ({
          output: head(images, 2),
          auxiliary: [{ output: head(input({ shape: [4, 4, 1] }), 2), lossWeight: 0.3 }],
        }),
        'input_1 (4, 4, 1)',
      ],
      ['what nobody reads', ({ input: images }) => ({ output: head(images, 2), auxilary: [] }), 'auxilary: []'],
      [
        'heads that are none',
        ({ input: images }) => ({ output: head(images, 2), auxiliary: [{ lossWeight: 1 }] }),
        'undefined',
      ],
    ])('names the network and its tag: %s', (_, build, received) => {
      const error = built(build)
      expect(error.sentence).toMatch(/^The build of model-toy\.flat does not give a network\./)
      expect(error.received).toBe(received)
    })

    it.each([
      ['build', { build: undefined }, 'The architecture model-toy.flat cannot be built.'],
      ['defaults', { defaults: undefined }, '"input" of the defaults of model-toy.flat'],
      ['input', { defaults: { input: [4, 0, 1], classes: 2 } }, '"input" of the defaults of model-toy.flat'],
      ['classes', { defaults: { input: [4, 4, 1], classes: 'two' } }, '"classes" of the defaults of model-toy.flat'],
    ])('or cannot be called, names the network and its tag: %s', (_, change, said) => {
      const flat = { ...description.tags.flat, ...change } as never
      expect(errorOf(() => createModel({ ...description, tags: { flat } })).sentence).toMatch(said)
    })

    it('leaves features free to be of any shape', () => {
      const tags = { flat: { ...description.tags.flat, defaults: { input: [4, 4, 1], classes: 0 } as const } }
      const model = createModel({
        ...description,
        tags: { flat: { ...tags.flat, build: ({ input: x }) => maxPool2d({})(x) } },
      })
      expect([model.classes, ...model.output.shape]).toEqual([0, 2, 2, 1])
    })
  })

  it.each([
    ['width', 4, 'createModel has no option "width".'],
    ['inputs', [4, 4, 1], 'did you mean input?'],
    ['input', '4x4', '"input"'],
    ['input', [4, 0, 1], '"shape" of input'],
    ['classes', '2', '"classes"'],
    ['tag', 1, '"tag"'],
    ['name', '', '"name"'],
    ['scope', {}, '"scope"'],
  ])('refuses the option %s: %j', (name, value, said) => {
    const error = errorOf(() => createModel(toy, { [name]: value }))
    expect(error.kind).toBe('option')
    expect(error.message).toMatch(said)
  })

  it('refuses a tag beside an id, and a scope beside an input of another', () => {
    expect(errorOf(() => createModel('model-toy', { tag: 'pooled' }))).toMatchObject({
      kind: 'option',
      expected: 'the id "model-toy.pooled"',
    })
    const images = input({ shape: [4, 4, 1] })
    expect(errorOf(() => createModel(toy, { input: images, scope: createNameScope() })).kind).toBe('option')
    expect(createModel(toy, { input: images, scope: images.scope }).name).toBe('model')
  })

  it('refuses a tag that the architecture does not have', () => {
    expect(errorOf(() => createModel(toy, { tag: 'poold' }))).toMatchObject({
      kind: 'registry',
      hint: expect.stringMatching(/^did you mean model-toy\.pooled/),
    })
  })
})

describe('defineArchitecture', () => {
  it('gives back what it is given', () => {
    expect(defineArchitecture(description)).toBe(description)
  })

  it.each(['AlexNet', 'alex_net', 'alex.net', 'alex net', '-alexnet', 'alex--net', ''])(
    'refuses the name "%s"',
    (name) => {
      expect(errorOf(() => defineArchitecture({ ...description, name }))).toMatchObject({
        kind: 'option',
        received: JSON.stringify(name),
      })
    },
  )

  it('refuses a tag whose name cannot be part of an id', () => {
    const { flat } = description.tags
    expect(errorOf(() => defineArchitecture({ ...description, tags: { 'a.b': flat } })).received).toBe('"a.b"')
  })

  it('refuses a bare number as a tag: it would come before the others, whatever their order', () => {
    const { flat, pooled } = description.tags
    expect(errorOf(() => defineArchitecture({ ...description, tags: { flat, 16: pooled } })).received).toBe('"16"')
  })

  it.each([
    ['leads to no tag', { 'model-toy.old': 'model-toy.none' }],
    ['is still in use', { 'model-toy.flat': 'model-toy.pooled' }],
  ])('refuses a deprecated id that %s', (_, deprecated) => {
    expect(errorOf(() => defineArchitecture({ ...description, deprecated })).message).toMatch('leads nowhere')
  })

  it('refuses to be without tags, and another specification', () => {
    expect(errorOf(() => defineArchitecture({ ...description, tags: {} })).message).toMatch('has no tags')
    expect(errorOf(() => defineArchitecture({ ...description, specification: JSON.parse('"v0"') })).kind).toBe(
      'specification',
    )
  })
})
