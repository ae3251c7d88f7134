import type { Shape } from '@convzoo/core'
import { sizeOf } from '@convzoo/core/define'
import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { type OnnxFunction, toOnnx } from '@convzoo/onnx'
import { afterEach, describe, expect, it } from 'vitest'
import { npmLibrary } from '../capi/npm-library.js'
import { OrtApi } from '../capi/ort-api.js'
import { loadRuntime } from '../runtime/load.js'
import { BoundRuntime } from './bound-runtime.js'
import { BoundSession } from './bound-session.js'
import { nodeRuntime } from './node-runtime.js'
import { placements, requireOnCuda } from './placements.js'
import type { Place, Runtime } from './runtime.js'
import { stopOutput } from './stop.js'
import { stopProbe } from './stop-probe.js'

const shape: Shape = [3, 5]

/** A step of momentum: state that is read and written, an input, a scalar, an output that is a truth, a guard. */
function momentum(): OnnxFunction {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const velocity = builder.state('velocity', { shape, dtype: 'float32' })
  const gradient = builder.input('gradient', { shape, dtype: 'float32' })
  const rate = builder.input('rate', { shape: [], dtype: 'float32' })
  const moved = ops.add(ops.multiply(velocity, 0.9), ops.multiply(ops.tanh(gradient), rate))
  builder.assign('velocity', moved)
  builder.output('moved', moved)
  builder.output('rising', ops.greater(moved, velocity))
  return toOnnx(builder.finish('step'), { sequence: stopOutput })
}

const api = await OrtApi.load(npmLibrary())
const bound = (onDevice: boolean) => () =>
  new BoundRuntime(api, { threads: 1, telemetry: false, onDevice }) as Runtime<Place>
const ways: readonly { readonly way: string; readonly open: () => Runtime<Place> | Promise<Runtime<Place>> }[] = [
  { way: 'the C interface, state in the process', open: bound(false) },
  { way: "the C interface, state behind the device's allocator", open: bound(true) },
  {
    way: "onnxruntime-node's JavaScript",
    open: async () => nodeRuntime(await loadRuntime(), { threads: 1, probe: stopProbe() }),
  },
]

const cleanup: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const release of cleanup.splice(0).toReversed()) await release()
})

async function threeSteps(open: (typeof ways)[number]['open']) {
  const runtime = await open()
  cleanup.push(() => runtime.release())
  const lowered = momentum()
  const session = await runtime.session(lowered)
  cleanup.push(() => session.release())
  const places = [runtime.place(shape), runtime.place(shape)]
  for (const place of places) cleanup.push(() => place.release())
  const zeros = places.map((place) => place.read())
  const start = Float32Array.from({ length: sizeOf(shape) }, (_, index) => Math.sin(index))
  places[0]?.write(start)
  const steps = []
  for (let step = 0; step < 3; step++) {
    const [from, to] = step % 2 === 0 ? places : places.toReversed()
    if (from === undefined || to === undefined) throw new Error('two places')
    const moved = new Float32Array(sizeOf(shape))
    const rising = new Uint8Array(sizeOf(shape))
    await session.run({
      feeds: new Map([
        ['input gradient', start.map((value) => value * (step + 1))],
        ['input rate', Float32Array.of(0.1)],
      ]),
      states: new Map([['state velocity', from]]),
      next: new Map([['assign velocity', to]]),
      outputs: new Map<string, Float32Array | Uint8Array>([
        ['output moved', moved],
        ['output rising', rising],
      ]),
    })
    steps.push({ moved, rising, from: from.read(), to: to.read() })
  }
  return { zeros, steps, start }
}

describe.each(ways)('a session through $way', ({ open }) => {
  it('reads and writes state where it is, and gives the same bytes as any other', async () => {
    const { zeros, steps, start } = await threeSteps(open)
    expect(zeros).toEqual([new Float32Array(15), new Float32Array(15)])
    expect(steps.map(({ from }) => from)).toEqual([start, steps[0]?.to, steps[1]?.to])
    for (const { moved, to, from, rising } of steps) {
      expect(to).toEqual(moved)
      expect([...rising]).toEqual([...moved].map((value, index) => (value > (from[index] ?? 0) ? 1 : 0)))
    }
    const { steps: others } = await threeSteps(bound(false))
    expect(steps).toEqual(others)
  })

  it('says in the words of ONNX Runtime what it cannot open', async () => {
    const runtime = await open()
    cleanup.push(() => runtime.release())
    const damaged = { ...momentum(), model: new Uint8Array([1, 2, 3]) }
    await expect(runtime.session(damaged)).rejects.toThrow(/protobuf/i)
  })
})

describe('ONNX Runtime through its C interface', () => {
  it('says which version it is', () => {
    expect(api.version).toMatch(/^1\.\d+\.\d+/)
  })

  it('is not loaded from what is no library', async () => {
    await expect(OrtApi.load(new URL(import.meta.url).pathname)).rejects.toThrow(/\S/)
  })

  it('says which provider runs which operator', async () => {
    const runtime = new BoundRuntime(api, { threads: 1, telemetry: false, onDevice: false })
    cleanup.push(() => runtime.release())
    const session = await runtime.session(momentum())
    cleanup.push(() => session.release())
    if (!(session instanceof BoundSession)) throw new Error('A session of the CPU is recorded.')
    const placed = placements(api, session.address)
    expect([...placed.keys()]).toEqual(['CPUExecutionProvider'])
    expect(placed.get('CPUExecutionProvider')).toEqual(expect.arrayContaining(['Tanh', 'Greater']))
    // What runs on the CPU where CUDA was asked for is named.
    expect(() => requireOnCuda('step', placed)).toThrow(
      /not place all of the function step there[\s\S]*CPUExecutionProvider: .*Tanh[\s\S]*--allow-cpu/,
    )
    expect(() => requireOnCuda('step', new Map([['CUDAExecutionProvider', ['Conv']]]))).not.toThrow()
  })
})
