import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { requireArguments, text } from '@convzoo/core/define'
import { runCommand } from '@convzoo/files'
import { buildInfo, readIfThere } from '../link/library.js'
import { findNative } from './packages.js'
import { probeOnce } from './placement.js'

/** What tfjs-node-gpu wants of the machine for a GPU, and what is there. */
export interface CudaReport {
  /** Versions; undefined if libtensorflow was built without CUDA. */
  readonly wanted: { readonly cuda: string | undefined; readonly cudnn: string | undefined; readonly by: string }
  /** The graphics processors, each with its driver, that the driver's own program lists. */
  readonly gpus: readonly string[]
  /** Files of CUDA's runtime and of cuDNN where the loader looks. */
  readonly found: readonly string[]
  /** What libtensorflow said it misses when it was loaded. */
  readonly complaints: readonly string[]
}

/** What libtensorflow 2.9.1, for which tfjs-node-gpu 4.22.0 was made, was built for. */
const original = { cuda: '11.2', cudnn: '8.1', by: 'libtensorflow 2.9.1 of @tensorflow/tfjs-node-gpu 4.22.0' }

/** Looks at CUDA and cuDNN from the side of @tensorflow/tfjs-node-gpu. */
export async function inspectCuda(project: string): Promise<CudaReport> {
  requireArguments('inspectCuda', { project: [text, project] })
  const native = findNative('cuda', project)
  const result = native !== undefined && existsSync(native.binding) ? await probeOnce(native) : undefined
  const library = result?.native?.library
  const folder = library === undefined ? undefined : dirname(library)
  const wanted = folder === undefined ? undefined : wantedBy(folder, result?.native?.libtensorflow ?? '')
  return {
    wanted: wanted ?? original,
    gpus: await graphicsProcessors(),
    found: await foundLibraries(folder),
    complaints: result?.complaints ?? [],
  }
}

/** TensorFlow's wheels carry a description of their build. */
function wantedBy(folder: string, version: string): CudaReport['wanted'] | undefined {
  const text = readIfThere(join(folder, buildInfo))
  if (text === '') return undefined
  const value = (name: string): string | undefined => new RegExp(`\\('${name}', '([^']+)'\\)`).exec(text)?.[1]
  return { cuda: value('cuda_version'), cudnn: value('cudnn_version'), by: `libtensorflow ${version}` }
}

async function graphicsProcessors(): Promise<readonly string[]> {
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader']
  const { code, output } = await runCommand('nvidia-smi', query)
  return code === 0 ? output.trim().split('\n').filter(Boolean) : []
}

const isCuda = (file: string): boolean => /lib(cudart|cudnn)\.so/.test(file)

async function foundLibraries(folder: string | undefined): Promise<readonly string[]> {
  const { output } = await runCommand('ldconfig', ['-p'])
  const cached = [...output.matchAll(/=> (\S+)/g)].map(([, path = '']) => path)
  // What pip installs beside TensorFlow: nvidia/cudnn/lib and its like.
  const beside =
    folder === undefined
      ? []
      : listed(join(dirname(folder), 'nvidia')).map((name) => join(dirname(folder), 'nvidia', name, 'lib'))
  const folders = [...(process.env.LD_LIBRARY_PATH ?? '').split(':').filter(Boolean), ...beside]
  const files = folders.flatMap((each) => listed(each).map((name) => join(each, name)))
  return [...new Set([...cached, ...files].filter(isCuda))]
}

const listed = (folder: string): readonly string[] => (existsSync(folder) ? readdirSync(folder) : [])
