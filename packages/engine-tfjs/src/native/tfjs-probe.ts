import { ConvzooError } from '@convzoo/core'
import { messageOf } from '@convzoo/core/define'
import { GraphBuilder, opsFor } from '@convzoo/core/engine'
import { TensorFunction } from '../interpreter/function.js'
import { TensorState } from '../interpreter/state.js'
import { loadRuntime } from '../runtime/load.js'
import type { Source } from '../runtime/runtime.js'

/** The kernels that a training step spends its time in, once each. */
function probeGraph() {
  const builder = new GraphBuilder()
  const ops = opsFor(builder)
  const windows = { strides: [1, 1], padding: { top: 0, bottom: 0, left: 0, right: 0 } } as const
  const convolution = { ...windows, dilations: [1, 1], groups: 1 } as const
  const x = builder.input('x', { shape: [1, 8, 8, 4], dtype: 'float32' })
  const kernel = builder.input('kernel', { shape: [3, 3, 4, 4], dtype: 'float32' })
  const y = ops.conv2d(x, kernel, convolution)
  const pool = { ...windows, size: [2, 2] } as const
  const dy = ops.maxPool2dGradient(y, ops.maxPool2d(y, pool), pool)
  const rows = ops.reshape(ops.conv2dInputGradient(dy, kernel, { ...convolution, imageSize: [8, 8] }), [8, 32])
  builder.output('kernel gradient', ops.conv2dKernelGradient(x, dy, { ...convolution, kernelSize: [3, 3] }))
  builder.output('product', ops.softmax(ops.matMul(rows, rows, { transposeB: true })))
  builder.output('update', ops.subtract(kernel, ops.multiply(kernel, 0.5)))
  return builder.finish('probe')
}

// Run as a process of its own: a binding that is broken may take the process down with it. The answer is one line of JSON.
const source: Source = JSON.parse(process.argv[2] ?? '')
try {
  const runtime = await loadRuntime(source)
  const state = new TensorState(runtime.kernels, [])
  await new TensorFunction(runtime.kernels, probeGraph(), state).run({
    x: new Float32Array(256).fill(1),
    kernel: new Float32Array(144).fill(1),
  })
  const { native, adapter, description } = runtime
  process.stdout.write(`${JSON.stringify({ native, adapter, description })}\n`)
} catch (error) {
  const { hint, ...words } = ConvzooError.isInstance(error) ? error.toFields() : { message: messageOf(error) }
  const failure = 'received' in words ? `${words.message} ${words.received}` : words.message
  process.stdout.write(`${JSON.stringify({ failure, hint })}\n`)
}
