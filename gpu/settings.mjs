// What is run on a GPU, and the same in small where there is none.
const real = {
  isSoftware: false,
  /** What is checked: an engine, its device, and how the command line and programs ask for it. */
  targets: [
    { name: 'webgpu', engine: 'tfjs', device: 'webgpu', options: {}, flags: [] },
    { name: 'cuda', engine: 'onnx', device: 'cuda', options: {}, flags: [] },
  ],
  parity: { steps: 10, batchSize: 16, tolerance: 1e-3 },
  memory: { network: 'alexnet', input: [227, 227, 3], classes: 1000, batchSize: 128, steps: 200, every: 50 },
  bench: { input: '227x227x3', classes: 1000, batches: [1, 32, 128, 512], shareBatch: 128, rounds: 5, roundMs: 250 },
  /** Seconds that each part may take, of those that all have. */
  limits: { doctor: 40, suites: 100, parity: 80, memory: 70, bench: 170 },
}

const software = {
  isSoftware: true,
  targets: [
    { name: 'webgpu', engine: 'tfjs', device: 'webgpu', options: { allowCpu: true }, flags: ['--allow-cpu'] },
    { name: 'cpu', engine: 'onnx', device: 'cpu', options: {}, flags: [] },
  ],
  parity: { steps: 10, batchSize: 2, tolerance: 1e-3 },
  memory: { network: 'nin', input: [32, 32, 3], classes: 10, batchSize: 1, steps: 40, every: 10 },
  bench: { input: '67x67x3', classes: 10, batches: [1], shareBatch: 1, rounds: 2, roundMs: 1 },
  limits: { doctor: 60, suites: 600, parity: 300, memory: 200, bench: 600 },
}

export const settingsOf = (isSoftware) => (isSoftware ? software : real)
