import { ConvzooError, type DeviceReport, type Engine } from '@convzoo/core'
import { pluginEngine } from './plugins.js'

const engineNames = ['auto', 'onnx', 'tfjs'] as const
export type EngineName = (typeof engineNames)[number]

export const deviceNames = ['auto', 'cpu', 'cuda', 'node'] as const
type DeviceName = (typeof deviceNames)[number]

/** What `--allow-cpu` does, for `--help`. */
export const allowCpuDescription = 'go on where a GPU was asked for and the CPU does the work'

export interface EngineOptions {
  readonly device: DeviceName
  readonly threads?: number | undefined
  /** Go on where a GPU was asked for and the work is done on a CPU. */
  readonly allowCpu?: boolean | undefined
  /** Whether the choice that was made is said; true by default. */
  readonly announced?: boolean | undefined
}

/** An engine on one of its devices, and why it was taken. */
export interface EngineChoice {
  readonly engine: Exclude<EngineName, 'auto'>
  readonly device: Exclude<DeviceName, 'auto'>
  readonly reason: string
}

/**
 * An engine by name; `auto` takes a GPU before a CPU, and on a CPU onnx, which trains about 1.1 times as fast as TensorFlow's kernels
 * (`bench/engines`), or what can be loaded where ONNX Runtime cannot. A plugin of the project provides what is not among these. Only the package that is asked for is loaded.
 *
 * @throws ConvzooError of kind `option` if nothing that is installed provides it, or if it does not have the device.
 */
export async function openEngine(name: string, options: EngineOptions): Promise<Engine> {
  const known = engineNames.find((each) => each === name)
  if (known !== undefined) return open(known, options)
  const make = await pluginEngine(name, engineNames)
  const { device, threads } = options
  return make({ ...(device === 'auto' ? {} : { device }), ...(threads === undefined ? {} : { threads }) })
}

/** What `--engine` takes, for `--help`. */
export const engineDescription = `${engineNames.join(', ')}, or one that a plugin provides`

async function open(name: EngineName, options: EngineOptions): Promise<Engine> {
  const choice = await chooseEngine(name, options)
  const { threads, allowCpu = false, announced: isSaid = true } = options
  const shared = threads === undefined ? {} : { threads }
  if (choice.engine === 'onnx') return announced((await import('@convzoo/engine-onnx')).onnx(shared), choice, isSaid)
  const { tfjs } = await import('@convzoo/engine-tfjs')
  return announced(tfjs({ ...shared, device: choice.device, allowCpu }), choice, isSaid)
}

/**
 * Settles what `auto` stands for.
 *
 * @throws ConvzooError of kind `option` if the engine does not have the device.
 */
export async function chooseEngine(name: EngineName, { device }: Pick<EngineOptions, 'device'>): Promise<EngineChoice> {
  if (name === 'onnx') return { engine: 'onnx', device: onnxDevice(device), reason: 'asked for' }
  if (name === 'tfjs') {
    if (device !== 'auto') return { engine: 'tfjs', device, reason: 'asked for' }
    const [cuda, node] = await tfjsReports()
    if (cuda.available) return { engine: 'tfjs', device: 'cuda', reason: 'there is a GPU' }
    const noGpu = `there is no GPU that it can use: ${cuda.reason}`
    return node.available
      ? { engine: 'tfjs', device: 'node', reason: noGpu }
      : { engine: 'tfjs', device: 'cpu', reason: `${noGpu}; ${node.reason}` }
  }
  if (device === 'cpu') {
    const onnx = await onnxReport()
    return onnx.available
      ? { engine: 'onnx', device, reason: 'it needs nothing but npm on a CPU' }
      : { engine: 'tfjs', device, reason: noOnnx(onnx) }
  }
  if (device !== 'auto') return { engine: 'tfjs', device, reason: `it is the engine that has the device ${device}` }
  const [cuda, node] = await tfjsReports()
  return automatic({ cuda, node, onnx: cuda.available ? cuda : await onnxReport() })
}

/** What could be used where no device is asked for. */
export interface Candidates {
  readonly cuda: Availability
  readonly onnx: Availability
  readonly node: Availability
}

/** What `auto` takes where no device is asked for: pure JavaScript, which is always there, last. */
export function automatic({ cuda, onnx, node }: Candidates): EngineChoice {
  if (cuda.available) return { engine: 'tfjs', device: 'cuda', reason: 'there is a GPU' }
  const noGpu = `there is no GPU that can be used: ${cuda.reason}`
  if (onnx.available) return { engine: 'onnx', device: 'cpu', reason: noGpu }
  const reason = `${noOnnx(onnx)}; ${noGpu}`
  return node.available
    ? { engine: 'tfjs', device: 'node', reason }
    : { engine: 'tfjs', device: 'cpu', reason: `${reason}; ${node.reason}` }
}

const noOnnx = ({ reason }: Availability): string => `engine onnx cannot be used here: ${reason}`

function onnxDevice(device: DeviceName): 'cpu' {
  if (device === 'auto' || device === 'cpu') return 'cpu'
  throw new ConvzooError({
    kind: 'option',
    message: 'The option --device has a value that the engine onnx does not have.',
    expected: 'auto, cpu',
    received: device,
    mend: '--engine tfjs has it',
  })
}

interface Availability {
  readonly available: boolean
  readonly reason: string
}

async function tfjsReports(): Promise<readonly [cuda: Availability, node: Availability]> {
  const { tfjs } = await import('@convzoo/engine-tfjs')
  const reports = await tfjs().devices()
  return [availabilityOf(reports, 'cuda'), availabilityOf(reports, 'node')]
}

/** ONNX Runtime is loaded to see. */
async function onnxReport(): Promise<Availability> {
  const { onnx } = await import('@convzoo/engine-onnx')
  return availabilityOf(await onnx().devices(), 'cpu')
}

function availabilityOf(reports: readonly DeviceReport[], device: DeviceName): Availability {
  const report = reports.find((each) => each.device === device)
  return { available: report?.available ?? false, reason: report?.reason ?? 'it is not known' }
}

/** Says the choice and its reason, once, to whoever has something compiled. */
function announced(engine: Engine, choice: EngineChoice, isSaid: boolean): Engine {
  let said = !isSaid || choice.reason === 'asked for'
  return {
    ...engine,
    compile(program, options) {
      if (!said) options?.log?.(choiceLine(choice))
      said = true
      return engine.compile(program, options)
    },
  }
}

/** `onnx on cpu, since …` */
export const choiceLine = ({ engine, device, reason }: EngineChoice): string =>
  `${engine} on ${device}, since ${reason}`
