import { describe, expect, it } from 'vitest'
import { complaintsOf, isOnGpu, placementLine, placements } from './placement.js'

// Written by libtensorflow 2.21.0 (tensorflow-cpu's wheel) under tfjs-node-gpu 4.22.0, with TF_CPP_VMODULE=execute=1.
const cpuLog = `
I0000 00:00:1795558209.234220   15528 execute.cc:1382] Device for [_MklNativeConv2DBackpropFilter] already set to: /job:localhost/replica:0/task:0/device:CPU:0
I0000 00:00:1795558209.234248   15528 execute.cc:1775] Executing op _MklNativeConv2DBackpropFilter in device /job:localhost/replica:0/task:0/device:CPU:0
I0000 00:00:1795558209.235265   15528 execute.cc:1775] Executing op Sum in device /job:localhost/replica:0/task:0/device:CPU:0
I0000 00:00:1795558209.235502   15528 execute.cc:1775] Executing op Sum in device /job:localhost/replica:0/task:0/device:CPU:0
`
const loaded = { libtensorflow: '2.21.0', binding: '', library: undefined }

describe('placement', () => {
  it('is read from what TensorFlow executed, not from what was planned', () => {
    expect([...placements(cpuLog)]).toEqual([
      ['_MklNativeConv2DBackpropFilter', 'CPU:0'],
      ['Sum', 'CPU:0'],
    ])
  })

  it('is on a GPU only if all of it is', () => {
    const on = (gpu: boolean, ...devices: string[]) =>
      isOnGpu({
        native: { ...loaded, gpu },
        placed: new Map(devices.map((device, index) => [`op ${index}`, device])),
        complaints: [],
      })
    expect(on(true, 'GPU:0', 'GPU:0')).toBe(true)
    expect(on(true, 'GPU:0', 'CPU:0')).toBe(false)
    expect(on(false, 'GPU:0')).toBe(false)
    expect(on(true)).toBe(true)
    const placed = new Map([
      ['MatMul', 'GPU:0'],
      ['Reshape', 'CPU:0'],
    ])
    expect(isOnGpu({ native: { ...loaded, gpu: true }, placed, complaints: [] })).toBe(true)
  })

  it('is told in one line', () => {
    const placed = new Map([
      ['MatMul', 'GPU:0'],
      ['Sum', 'CPU:0'],
      ['Conv2D', 'GPU:0'],
    ])
    expect(placementLine({ placed, complaints: [] })).toBe('TensorFlow placed Sum on CPU:0; MatMul, Conv2D on GPU:0')
  })
})

describe('complaints', () => {
  it('are the lines about missing libraries and drivers, once each and without their time', () => {
    // The form in which TensorFlow 2.9 and 2.21 write them.
    const log = `
2022-07-01 10:00:00.000000: W tensorflow/stream_executor/platform/default/dso_loader.cc:64] Could not load dynamic library 'libcudnn.so.8'; dlerror: libcudnn.so.8: cannot open shared object file
2022-07-01 10:00:00.000000: I tensorflow/core/common_runtime/x.cc:1] oneDNN custom operations are on.
I0000 00:00:1795558209.1   15528 cudart_stub.cc:31] Could not find cuda drivers on your machine, GPU will not be used.
I0000 00:00:1795558209.2   15528 cudart_stub.cc:31] Could not find cuda drivers on your machine, GPU will not be used.
`
    expect(complaintsOf(log)).toEqual([
      "Could not load dynamic library 'libcudnn.so.8'; dlerror: libcudnn.so.8: cannot open shared object file",
      'Could not find cuda drivers on your machine, GPU will not be used.',
    ])
  })
})
