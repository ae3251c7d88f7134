// What is run on a GPU, and the same in small where there is none.
const real = {
  isSoftware: false,
  /** What is checked: an engine, its device, and how the command line and programs ask for it. */
  targets: [
    { name: 'webgpu', engine: 'tfjs', device: 'webgpu', options: {}, flags: [] },
    { name: 'cuda', engine: 'onnx', device: 'cuda', options: {}, flags: [] },
  ],
  // TF32 rounds factors to 10 binary digits.
  parity: { steps: 10, batchSize: 16, tolerance: 1e-3, tf32Tolerance: 2e-2 },
  memory: { network: 'alexnet', input: [227, 227, 3], classes: 1000, batchSize: 128, steps: 200, every: 50 },
  bench: { input: '227x227x3', classes: 1000, batches: [32, 128, 512], shareBatch: 128, rounds: 4, roundMs: 250 },
  /** Seconds that each part may take, of those that all have. */
  limits: { doctor: 20, suites: 100, parity: 40, memory: 60, bench: 220 },
}

const software = {
  isSoftware: true,
  targets: [
    { name: 'webgpu', engine: 'tfjs', device: 'webgpu', options: { allowCpu: true }, flags: ['--allow-cpu'] },
    { name: 'cpu', engine: 'onnx', device: 'cpu', options: {}, flags: [] },
  ],
  parity: { steps: 4, batchSize: 1, tolerance: 1e-3 },
  memory: { network: 'nin', input: [67, 67, 3], classes: 10, batchSize: 1, steps: 48, every: 12 },
  bench: { input: '67x67x3', classes: 10, batches: [1], shareBatch: 1, rounds: 2, roundMs: 1 },
  limits: { doctor: 120, suites: 900, parity: 900, memory: 900, bench: 1800 },
}

/** The devices, on CUDA in TF32 as well. */
export const withTf32 = (targets) =>
  targets.flatMap((target) =>
    target.device === 'cuda'
      ? [
          { ...target, name: 'cuda float32' },
          {
            ...target,
            name: 'cuda tf32',
            options: { ...target.options, precision: 'tf32' },
            flags: [...target.flags, '--precision', 'tf32'],
          },
        ]
      : [target],
  )

/** @param on The names of the targets that are wanted, with commas between them; all by default. */
export function settingsOf(isSoftware, on) {
  const settings = isSoftware ? software : real
  const wanted = on?.split(',')
  return { ...settings, targets: settings.targets.filter(({ name }) => wanted === undefined || wanted.includes(name)) }
}
