import { GraphBuilder, opsFor, type Program } from '@convzoo/core/engine'
import { onnx } from '@convzoo/engine-onnx'
import { expect, it } from 'vitest'

/** A function `squares` of three numbers. */
function squares(): Program {
  const builder = new GraphBuilder()
  const x = builder.input('x', { shape: [3], dtype: 'float32' })
  builder.output('y', opsFor(builder).multiply(x, x))
  return { state: [], functions: { squares: builder.finish('squares') } }
}

it('computes the same whether threads wait for work awake or asleep', async () => {
  for (const spinning of [true, false]) {
    const executable = await onnx({ threads: 2, spinning }).compile(squares())
    expect(await executable.run('squares', { x: Float32Array.of(1, 2, 3) })).toEqual({ y: Float32Array.of(1, 4, 9) })
    await executable.dispose()
  }
})
