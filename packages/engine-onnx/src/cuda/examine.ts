import { messageOf, requireArguments, text } from '@convzoo/core/define'
import { runCommand } from '@convzoo/files'
import { loadKoffi } from '../capi/koffi.js'
import type { CudaFiles } from '../kernels/libraries.js'
import { runtimeVersion } from '../runtime/version.js'
import { bringing, compilerOf, cudaVersion, kernelFiles, lostWithout, type Need, needsOf } from './needs.js'
import { type Probe, probeOnce } from './probe.js'
import { type CudaRuntime, findCuda } from './provider.js'

/** A runtime on which programs can be compiled for a CUDA device. */
export interface UsableCuda {
  readonly library: string
  /** Files of CUDA and cuDNN, in the order in which they are loaded. */
  readonly preloaded: readonly string[]
  /** What kernels of our own need; undefined where CUDA's compiler is not found. */
  readonly kernels: CudaFiles | undefined
  /** What is lost without it, and how it is had. */
  readonly lost: string | undefined
  /** Version and device, in one line. */
  readonly description: string
}

/** CUDA from the side of ONNX Runtime: what is here, and what keeps it from being used. */
export interface CudaFindings {
  /** Undefined where there is no provider. */
  readonly runtime: CudaRuntime | undefined
  /** `13`: the CUDA that the provider was built for. */
  readonly cuda: string | undefined
  readonly needs: readonly Need[]
  /** CUDA's compiler, without which kernels of our own are left out; undefined where no version of it is wanted. */
  readonly compiler: Need | undefined
  /** What was tried; undefined where there is nothing to try. */
  readonly probe: Probe | undefined
  readonly usable: UsableCuda | undefined
  /** Why it cannot be used, and what to do about it; empty where it can. */
  readonly reason: string
  readonly hint: string
}

/** How a provider is had. */
const installation = (): string =>
  `convzoo doctor --link-onnxruntime pip; or, in a Python environment that is active: pip install "onnxruntime-gpu[cuda,cudnn]==${runtimeVersion()}"`

/**
 * Looks for ONNX Runtime's CUDA provider, for what it needs, and tries it in a process of its own.
 *
 * @param project The folder in whose node_modules a linked provider is looked for.
 * @throws ConvzooError of kind `option` if the project is no text.
 */
export async function examineCuda(project: string): Promise<CudaFindings> {
  requireArguments('examineCuda', { project: [text, project] })
  const nothing = {
    ...{ runtime: undefined, cuda: undefined, needs: [], compiler: undefined },
    ...{ probe: undefined, usable: undefined },
  }
  const { platform, arch } = process
  if (platform !== 'linux' || arch !== 'x64') {
    return { ...nothing, reason: `it is tried on Linux on x64 alone, and this is ${platform} ${arch}`, hint: 'use cpu' }
  }
  const withoutKoffi = await loadKoffi().then(() => undefined, messageOf)
  if (withoutKoffi !== undefined) return { ...nothing, reason: withoutKoffi, hint: 'npm install koffi' }
  const runtime = await findCuda(project)
  if (runtime === undefined) {
    const reason = 'there is no CUDA provider: none is linked, in onnxruntime-node or in a Python environment'
    return { ...nothing, reason, hint: installation() }
  }
  return examined(runtime)
}

async function examined(runtime: CudaRuntime): Promise<CudaFindings> {
  let needs: readonly Need[]
  try {
    needs = await needsOf(runtime)
  } catch (error) {
    const found = { runtime, cuda: undefined, needs: [], compiler: undefined, probe: undefined, usable: undefined }
    return { ...found, reason: `${runtime.provider} cannot be read: ${messageOf(error)}`, hint: installation() }
  }
  const probe = await probeOnce(runtime, needs)
  const cuda = cudaVersion(needs.map(({ library }) => library))
  const compiler = await compilerOf(runtime, cuda)
  const found = { runtime, needs, probe, cuda, compiler }
  if (probe.cuda === true) {
    const preloaded = needs.flatMap((need) => need.found ?? [])
    const description = `ONNX Runtime ${probe.version}, cuda (${await graphicsProcessor()})`
    const kernels = await kernelFiles(runtime, needs, compiler)
    const usable = { library: runtime.library, preloaded, kernels, lost: lostWithout(compiler), description }
    return { ...found, usable, reason: '', hint: '' }
  }
  const missing = needs.filter((need) => need.found === undefined)
  const reasons = [
    ...(missing.length === 0 ? [] : [`not found: ${missing.map(({ library }) => library).join(', ')}`]),
    ...probe.complaints.filter((line) => !missing.some(({ library }) => line.includes(library))),
    ...(missing.length + probe.complaints.length === 0 && probe.failure !== undefined ? [probe.failure] : []),
  ]
  return {
    ...found,
    usable: undefined,
    reason: reasons.join('; ') || (probe.failure ?? 'it does not run'),
    hint:
      bringing(needs) ??
      `see that nvidia-smi lists the GPU, and a driver for CUDA ${found.cuda ?? 'of this version'}; or use the device cpu`,
  }
}

/** The first that the driver's own program lists: ONNX Runtime takes it. */
async function graphicsProcessor(): Promise<string> {
  const query = ['--query-gpu=name', '--format=csv,noheader']
  const { code, output } = await runCommand('nvidia-smi', query)
  return (code === 0 ? output.trim().split('\n')[0] : undefined) ?? 'a CUDA device'
}
