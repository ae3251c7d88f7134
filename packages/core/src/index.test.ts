import { readFileSync } from 'node:fs'
import { describe, expect, expectTypeOf, it } from 'vitest'
import * as define from './define.js'
import * as engine from './engine.js'
import * as core from './index.js'
import {
  type Architecture,
  type ArchitectureId,
  conv2d,
  createModel,
  defineArchitecture,
  defineLayer,
  defineOptions,
  type dense,
  type dropout,
  type Engine,
  flatten,
  integer,
  interpreterEngine,
  type LayerFunction,
  type maxPool2d,
  type Optimizer,
  oneOf,
  optional,
  type Padding,
  type Pair,
  pair,
  sgdw,
  type Value,
} from './testing/faces.js'

declare global {
  namespace Convzoo {
    interface ArchitectureIds {
      'type-test-net': true
    }
  }
}

describe('the types of layers', () => {
  it('know every option, and which of them are needed', () => {
    type Conv2d = Parameters<typeof conv2d>[0]
    expectTypeOf<Conv2d>().toHaveProperty('filters').toEqualTypeOf<number>()
    expectTypeOf<Conv2d>().toHaveProperty('kernelSize').toEqualTypeOf<number | Pair>()
    expectTypeOf<Conv2d['padding']>().toEqualTypeOf<Padding | undefined>()
    expectTypeOf<Conv2d['strides']>().toEqualTypeOf<number | Pair | undefined>()
    expectTypeOf<Conv2d['activation']>().toEqualTypeOf<core.ActivationInput | undefined>()
    expectTypeOf<Conv2d['biasInitializer']>().toEqualTypeOf<core.InitializerInput | undefined>()
    expectTypeOf<keyof Conv2d>().toEqualTypeOf<
      | 'filters'
      | 'kernelSize'
      | 'strides'
      | 'padding'
      | 'dilations'
      | 'groups'
      | 'activation'
      | 'useBias'
      | 'kernelInitializer'
      | 'biasInitializer'
      | 'kernelConstraint'
      | 'name'
      | 'trainable'
    >()
    expectTypeOf<{ filters: number; kernelSize: number }>().toExtend<Conv2d>()
    expectTypeOf<{ filters: number }>().not.toExtend<Conv2d>()
    expectTypeOf<{ filters: number; kernelSize: number; padding: 'full' }>().not.toExtend<Conv2d>()
    expectTypeOf<{ units: string }>().not.toExtend<Parameters<typeof dense>[0]>()
    expectTypeOf<object>().toExtend<Parameters<typeof maxPool2d>[0]>()
    expectTypeOf<keyof Parameters<typeof dropout>[0]>().toEqualTypeOf<'rate' | 'name' | 'trainable'>()
    expectTypeOf<Parameters<typeof dropout>[0]['rate']>().toEqualTypeOf<number>()
    expectTypeOf(flatten()).toEqualTypeOf<LayerFunction>()
    expectTypeOf(conv2d).returns.toEqualTypeOf<LayerFunction>()
    expectTypeOf<[]>().toExtend<Parameters<typeof maxPool2d>>()
    expectTypeOf<[]>().toExtend<Parameters<typeof core.gelu>>()
    expectTypeOf<[]>().not.toExtend<Parameters<typeof conv2d>>()
    expectTypeOf<[]>().not.toExtend<Parameters<typeof dropout>>()
  })

  it('give a definition its options and weights in one form', () => {
    const layer = defineLayer({
      type: 'typed',
      keras: 'Typed',
      options: defineOptions({
        size: pair(1),
        mode: optional(oneOf('a', 'b'), 'a'),
        count: optional(integer(0)),
      }),
      outputShape: ([x]) => x,
      weights: ([x], o) => {
        expectTypeOf(o).toEqualTypeOf<{
          readonly size: Pair
          readonly mode: 'a' | 'b'
          readonly count: number | undefined
        }>()
        return { scale: { shape: x, initializer: core.ones, trainable: true } }
      },
      call: ({ ops, assign }, [x], weights) => {
        expectTypeOf(weights).toEqualTypeOf<{ readonly scale: Value }>()
        expectTypeOf(assign).parameter(0).toEqualTypeOf<'scale'>()
        return ops.multiply(x, weights.scale)
      },
    })
    expectTypeOf<{ size: number; mode: 'b' }>().toExtend<Parameters<typeof layer>[0]>()
    expectTypeOf<{ mode: 'b' }>().not.toExtend<Parameters<typeof layer>[0]>()
    const x = layer({ size: 2 })(core.input({ shape: [3] }))
    expect(x.shape).toEqual([3])
  })
})

describe('the other types', () => {
  it('complete the ids that plugins declare, and allow any other', () => {
    expectTypeOf<'type-test-net'>().toExtend<keyof Convzoo.ArchitectureIds>()
    expectTypeOf<string>().toExtend<ArchitectureId>()
    expectTypeOf(createModel).parameter(0).toEqualTypeOf<ArchitectureId | Architecture>()
  })

  it('keep the names of tags', () => {
    type Tag = Architecture['tags'][string]
    const architectureOf = (small: Tag) =>
      defineArchitecture({
        specification: 'architecture/v1',
        package: { name: '@test/typed', version: '1.0.0' },
        name: 'typed',
        title: 'Typed',
        paper: { title: 'Types', authors: [], year: 2000, url: '' },
        tags: { small },
      })
    expectTypeOf<keyof ReturnType<typeof architectureOf>['tags']>().toEqualTypeOf<'small'>()
  })

  it('hold optimizers and engines to their contracts', () => {
    expectTypeOf(sgdw).returns.toExtend<Optimizer>()
    expectTypeOf(interpreterEngine).returns.toExtend<Engine>()
    expectTypeOf<object>().not.toExtend<Parameters<typeof sgdw>[0]>()
  })
})

describe('the package', () => {
  const faces = { '.': core, './define': define, './engine': engine }

  it('exports every name by one of its three faces', () => {
    const names = Object.values(faces).flatMap((face) => Object.keys(face))
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
    const { exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    expect(Object.keys(exports)).toEqual([...Object.keys(faces), './package.json'])
  })

  it('gives those who train what they type, and no more', () => {
    expect(Object.keys(core)).toEqual(expect.arrayContaining(['conv2d', 'createModel', 'sgdw', 'summarize']))
    const tools =
      /^(define(?!Architecture)|interpret|is[A-Z]|require|trace|GraphBuilder|createProgram|.*Definitions$|.*Kind$)/
    expect(Object.keys(core).filter((name) => tools.test(name))).toEqual([])
  })
})
