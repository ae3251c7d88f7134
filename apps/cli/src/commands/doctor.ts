import type { Telemetry } from '@convzoo/engine-onnx'
import type { CudaFindings } from '@convzoo/engine-onnx/cuda'
import type { CudaReport } from '@convzoo/engine-tfjs/native'
import type { MachineReport } from '@convzoo/run'
import { choiceLine, type EngineChoice, orNotInstalled } from '@convzoo/run/plugins'
import type { Command } from 'commander'
import { type Line, say, sayJson, warn } from '../terminal/output.js'

interface DoctorFlags {
  readonly json?: boolean
  readonly linkLibtensorflow?: string
  readonly linkOnnxruntime?: string
}

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description('What can run here: engines, devices and versions; what is missing, and how to get it.')
    .option('--json', 'for programs')
    .option(
      '--link-libtensorflow <source>',
      "first build tfjs-node's binding anew against the TensorFlow of a wheel, of a site-packages folder, or of pip",
    )
    .option(
      '--link-onnxruntime <source>',
      'first give the project ONNX Runtime with CUDA: of a wheel of onnxruntime-gpu, of a site-packages folder, or of pip',
    )
    .action(async ({ json, linkLibtensorflow, linkOnnxruntime: onnxruntime }: DoctorFlags) => {
      if (linkLibtensorflow !== undefined) await link(linkLibtensorflow)
      if (onnxruntime !== undefined) await linkOnnxruntime(onnxruntime)
      const findings = await examine()
      await (json === true ? sayJson(findings) : say(render(findings)))
    })
}

const native = () => import('@convzoo/engine-tfjs/native').catch(orNotInstalled('@convzoo/engine-tfjs'))

async function link(source: string): Promise<void> {
  const { linkLibtensorflow } = await native()
  const log = (line: string): void => void warn(line)
  for (const { package: name, binding, library, libtensorflow } of await linkLibtensorflow({ source, log })) {
    log(`${name}: ${binding} now runs on libtensorflow ${libtensorflow} in ${library}`)
  }
}

async function linkOnnxruntime(source: string): Promise<void> {
  const { linkOnnxruntime: linkRuntime } = await import('@convzoo/engine-onnx/cuda')
  const log = (line: string): void => void warn(line)
  const { runtime, probe } = await linkRuntime({ source, log })
  if (runtime !== undefined) log(`engine onnx now has ONNX Runtime ${probe?.version ?? ''} in ${runtime.folder}`)
}

interface Findings extends MachineReport {
  /** Whether ONNX Runtime may report to its maker. */
  readonly telemetry: Telemetry
  /** Null where the package that looks for it is not installed. */
  readonly cuda: CudaReport | null
  /** The same for ONNX Runtime. */
  readonly onnxCuda: CudaFindings
}

async function examine(): Promise<Findings> {
  const { inspectMachine } = await import('@convzoo/run')
  const { telemetry } = await import('@convzoo/engine-onnx')
  const { examineCuda } = await import('@convzoo/engine-onnx/cuda')
  return {
    ...(await inspectMachine()),
    telemetry: telemetry(),
    // Why the package cannot be loaded stands with its engine.
    cuda: await native().then(
      ({ inspectCuda }) => inspectCuda(process.cwd()),
      () => null,
    ),
    onnxCuda: await examineCuda(process.cwd()),
  }
}

function render(findings: Findings): readonly Line[] {
  const { node, system, processor, cores, quota, engines, auto, telemetry, cuda, onnxCuda } = findings
  const bound = quota === null ? '' : ` (a quota leaves the time of ${Number(quota.toFixed(2))})`
  const lines: Line[] = [`Node ${node}, ${system}, ${processor}, ${cores} cores${bound}`]
  for (const { engine, devices } of engines) {
    lines.push('', `engine ${engine}`)
    for (const { device, available, description, reason, hint } of devices) {
      const mark = available
        ? ({ colour: 'green', text: 'yes' } as const)
        : ({ colour: 'yellow', text: 'no ' } as const)
      lines.push({ parts: ['  ', mark, ` ${device.padEnd(7)} ${description}`] })
      if (reason !== undefined) lines.push(`              because: ${reason}`)
      if (hint !== undefined) lines.push(`              hint: ${hint}`)
    }
  }
  lines.push('', `--engine auto takes ${choiceLine(auto)}`)
  lines.push(`ONNX Runtime may report to its maker: ${telemetry.allowed ? 'yes' : 'no'}, since ${telemetry.reason}`)
  return [...lines, ...onnxCudaLines(onnxCuda), ...(cuda === null ? [] : cudaLines(cuda, auto))]
}

/** Nothing where there is no provider: its engine says how it is had. */
function onnxCudaLines({ runtime, cuda, needs, compiler, usable }: CudaFindings): readonly Line[] {
  if (runtime === undefined) return []
  const origins = { linked: 'linked', npm: 'of onnxruntime-node', python: 'of the Python environment' }
  return [
    '',
    `CUDA for ONNX Runtime, built for CUDA ${cuda ?? 'of a version that it does not tell'}`,
    `  ${runtime.library}, ${origins[runtime.origin]}`,
    ...[...needs, ...(compiler === undefined ? [] : [compiler])].map(
      ({ library, found }) => `  ${library.padEnd(19)} ${found ?? 'not found'}`,
    ),
    ...(usable?.lost === undefined ? [] : [`  ${usable.lost}`]),
  ]
}

function cudaLines(cuda: CudaReport, auto: EngineChoice): readonly Line[] {
  const lines: Line[] = ['', 'CUDA for @tensorflow/tfjs-node-gpu']
  const { cuda: version, cudnn, by } = cuda.wanted
  lines.push(
    `  wanted: ${version === undefined ? `none, ${by} was built without it` : `CUDA ${version}, cuDNN ${cudnn} (${by})`}`,
  )
  lines.push(`  graphics processors: ${cuda.gpus.length === 0 ? 'none that nvidia-smi lists' : cuda.gpus.join('; ')}`)
  lines.push(`  libraries found: ${cuda.found.length === 0 ? 'neither libcudart nor libcudnn' : cuda.found.join(', ')}`)
  for (const complaint of cuda.complaints) lines.push(`  TensorFlow says: ${complaint}`)
  if (cuda.gpus.length > 0 && auto.device !== 'cuda') {
    lines.push('  hint: pip install "tensorflow[and-cuda]" in a Python environment, which brings a current CUDA, then')
    lines.push('    convzoo doctor --link-libtensorflow <its site-packages folder>')
  }
  return lines
}
