import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { toOnnx } from '@convzoo/onnx'
import * as runtime from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { type Runnable, sessionRunner } from './run-session.js'
import { stopOutput } from './stop.js'
import { stopProbe } from './stop-probe.js'

/** A session that writes 1 into every tensor that it is given, and then does as `end` does. */
function fake(asked: string[][], end: () => void): Runnable {
  return {
    async run(_feeds, fetches) {
      asked.push(Object.keys(fetches))
      for (const tensor of Object.values(fetches)) if (tensor?.data instanceof Float32Array) tensor.data.fill(1)
      end()
    },
  }
}

const place = () => new runtime.Tensor('float32', new Float32Array(1), [1])

function failing(message: string): () => void {
  return () => {
    throw new Error(message)
  }
}

describe('a session with an output that cannot be handed over', () => {
  it('is run for it where the runtime writes the others before it gives up, and other errors stay errors', async () => {
    const asked: string[][] = []
    const run = await sessionRunner(runtime, fake(asked, failing('no sequences')))
    await run(fake(asked, failing('no sequences')), {}, { y: place() })
    expect(asked[1]).toEqual(['y', stopOutput])
    await expect(run(fake(asked, failing('out of memory')), {}, { y: place() })).rejects.toThrow('out of memory')
  })

  it.each([
    { runtimeThat: 'hands it over', probe: fake([], () => {}) },
    { runtimeThat: 'refuses it at once', probe: { run: async () => failing('no sequences')() } },
  ])('is run without it on a runtime that $runtimeThat', async ({ probe }) => {
    const asked: string[][] = []
    const run = await sessionRunner(runtime, probe)
    await run(
      fake(asked, () => {}),
      {},
      { y: place() },
    )
    expect(asked).toEqual([['y']])
  })

  it('writes into the tensors that are given, on the runtime that is installed', async () => {
    const run = await sessionRunner(runtime, await runtime.InferenceSession.create(stopProbe()))
    const builder = new GraphBuilder()
    builder.output('seven', opsFor(builder).constant(7, [1]))
    const { model } = toOnnx(builder.finish('seven'), { sequence: stopOutput })
    const tensor = place()
    await run(await runtime.InferenceSession.create(model), {}, { 'output seven': tensor })
    expect(tensor.data).toEqual(Float32Array.of(7))
  })
})
