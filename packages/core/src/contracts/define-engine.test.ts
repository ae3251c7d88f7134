import { describe, expect, expectTypeOf, it } from 'vitest'
import { interpreterEngine } from '../graph/interpreter/engine.js'
import { described, integer, jsonSchemaOf, oneOf, optional, text } from '../options/index.js'
import { compareDevices, type DeviceReport, defineEngine, type Engine, isEngineDefinition } from './index.js'

const plain = defineEngine({
  specification: 'engine/v1',
  name: 'plain',
  title: 'Plain',
  options: {
    device: described('where it runs', optional(oneOf('here', 'there'), 'here')),
    threads: described('threads that share an operator', optional(integer(1))),
  },
  create: ({ device, threads }) => ({
    devices: async () => [{ device, available: true, description: `${threads ?? 'all'} threads` }],
    compile: interpreterEngine().compile,
  }),
})

describe('an engine that is defined', () => {
  it('is made of options that fit, and carries the name and the contract of its definition', async () => {
    const engine: Engine = plain({ device: 'there', threads: 2 })
    expect(engine).toMatchObject({ specification: 'engine/v1', name: 'plain' })
    expect(await engine.devices()).toEqual([{ device: 'there', available: true, description: '2 threads' }])
    expect(await plain().devices()).toMatchObject([{ device: 'here', description: 'all threads' }])
    const executable = await engine.compile({ state: [], functions: {} })
    expect(executable.description).toBe('interpreter float64')
  })

  it('keeps what its own engine remembers', async () => {
    class Counting {
      #asked = 0
      async devices() {
        this.#asked += 1
        return [{ device: 'cpu', available: true, description: `asked ${this.#asked} times` }]
      }
      compile = interpreterEngine().compile
    }
    const counting = defineEngine({
      specification: 'engine/v1',
      name: 'counting',
      title: 'Counting',
      options: {},
      create: () => new Counting(),
    })()
    await counting.devices()
    expect(await counting.devices()).toMatchObject([{ description: 'asked 2 times' }])
  })

  it('refuses options that it does not have, and values that do not fit, under its name', () => {
    const unknown: object = { cores: 4 }
    expect(() => plain(unknown)).toThrow(/engine plain has no option "cores"[\s\S]*device, threads/)
    const misfit: object = { device: 'nowhere' }
    expect(() => plain(misfit)).toThrow(/"device" of engine plain[\s\S]*"here", "there"/)
  })

  it.each([undefined, 7, [], {}, { devices: async () => [] }])(
    'whose create gives no engine is refused: %j',
    (made) => {
      const given: object = { create: () => made }
      const parts = { specification: 'engine/v1', name: 'odd', title: 'Odd', options: {} } as const
      const odd = defineEngine({ ...parts, create: () => interpreterEngine(), ...given })
      expect(() => odd()).toThrow(/"create" of the engine "odd"[\s\S]*devices and compile/)
    },
  )

  it('says what it is and what it takes, unmade', () => {
    const { specification, name, title } = plain
    expect({ specification, name, title }).toEqual({ specification: 'engine/v1', name: 'plain', title: 'Plain' })
    expect(Object.entries(plain.options).map(([name, { description }]) => [name, description])).toEqual([
      ['device', 'where it runs'],
      ['threads', 'threads that share an operator'],
    ])
    expect(jsonSchemaOf(plain.options)).toMatchObject({
      properties: { device: { enum: ['here', 'there'], default: 'here' }, threads: { type: 'integer', minimum: 1 } },
      required: [],
    })
  })

  it('is told from a plain function that makes engines', () => {
    expect(isEngineDefinition(plain)).toBe(true)
    expect(isEngineDefinition(interpreterEngine)).toBe(true)
    for (const other of [() => plain(), plain(), { ...plain }, undefined]) expect(isEngineDefinition(other)).toBe(false)
  })

  it('needs its options where one of them is required', () => {
    const needing = defineEngine({
      specification: 'engine/v1',
      name: 'needing',
      title: 'Needing',
      options: { host: text },
      create: () => plain(),
    })
    expectTypeOf<[]>().toExtend<Parameters<typeof plain>>()
    expectTypeOf<[{ device: 'there'; threads: number }]>().toExtend<Parameters<typeof plain>>()
    expectTypeOf<[{ device: 'nowhere' }]>().not.toExtend<Parameters<typeof plain>>()
    expectTypeOf<[]>().not.toExtend<Parameters<typeof needing>>()
    expectTypeOf<[{ host: number }]>().not.toExtend<Parameters<typeof needing>>()
    expect(needing({ host: 'a' }).name).toBe('needing')
  })

  it.each([
    ['no text for a name', { name: 1 }, /"name" of defineEngine/],
    ['a part that nobody knows', { titel: 'x' }, /defineEngine has no option "titel"/],
    ['options that are none', { options: { threads: 4 } }, /"options" of defineEngine/],
    ['nothing that makes it', { create: undefined }, /"create" of defineEngine/],
  ])('is refused with %s', (_, part, message) => {
    const { specification, name, title, options } = plain
    const parts = { specification, name, title, options, create: () => plain(), ...part }
    expect(() => Reflect.apply(defineEngine, undefined, [parts])).toThrow(message)
  })

  it('is refused under a contract that is not known', () => {
    const { name, title, options } = plain
    const parts = { specification: 'engine/v2', name, title, options, create: () => plain() }
    expect(() => Reflect.apply(defineEngine, undefined, [parts])).toThrow(/"engine\/v1"[\s\S]*"engine\/v2"/)
  })
})

describe('devices of several engines', () => {
  const device = (name: string, rank: Partial<DeviceReport> = {}): DeviceReport => ({
    device: name,
    available: true,
    description: name,
    ...rank,
  })

  it('are chosen by their kind, then by preference, then as they stand', () => {
    const reports = [
      device('slow', { kind: 'fallback', preference: 9 }),
      device('old plugin'),
      device('cpu', { kind: 'cpu' }),
      device('quick cpu', { kind: 'cpu', preference: 1 }),
      device('odd', { kind: 'cpu', preference: Number.NaN }),
      device('gpu', { kind: 'gpu' }),
      device('quick gpu', { kind: 'gpu', preference: 1 }),
    ]
    expect(reports.toSorted(compareDevices).map((each) => each.device)).toEqual([
      'quick gpu',
      'gpu',
      'quick cpu',
      'old plugin',
      'cpu',
      'odd',
      'slow',
    ])
  })

  it('of a kind that a later version knows stand with the processors', () => {
    const later: DeviceReport = Object.assign(device('later'), { kind: 'quantum' })
    const reports = [device('slow', { kind: 'fallback' }), later, device('gpu', { kind: 'gpu' })]
    expect(reports.toSorted(compareDevices).map((each) => each.device)).toEqual(['gpu', 'later', 'slow'])
  })
})
