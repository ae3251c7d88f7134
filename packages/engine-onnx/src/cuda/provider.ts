import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '@convzoo/files'
import { npmFolder } from '../capi/npm-library.js'

/** What the CUDA provider is called, and what it is loaded by, on Linux: it stands in the folder of the library that loads it. */
export const providerFiles = ['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so'] as const

const isLibrary = (name: string): boolean => /^libonnxruntime\.so(?:\.\d+)*$/.test(name)

/** Where a provider was found. */
export type Origin = 'linked' | 'npm' | 'python'

/** ONNX Runtime with its CUDA provider, in one folder. */
export interface CudaRuntime {
  readonly origin: Origin
  /** Absolute. */
  readonly folder: string
  readonly library: string
  readonly provider: string
}

/** Where `convzoo doctor --link-onnxruntime` puts what it links, or a link to it. */
export const linkFolder = (project: string): string =>
  join(project, 'node_modules', '.cache', 'convzoo', 'onnxruntime-cuda')

/** The folder that Python's package has its libraries in, below `site-packages`. */
export const pythonFolder = join('onnxruntime', 'capi')

/** A runtime with its provider in a folder, if all of it is there. */
export function runtimeIn(folder: string, origin: Origin): CudaRuntime | undefined {
  if (!existsSync(folder)) return undefined
  const real = realpathSync(folder)
  const names = readdirSync(real)
  const library = names.filter(isLibrary).sort().at(0)
  if (library === undefined || !providerFiles.every((name) => names.includes(name))) return undefined
  return { origin, folder: real, library: join(real, library), provider: join(real, providerFiles[0]) }
}

/**
 * ONNX Runtime with its CUDA provider: what was linked into the project, what npm's package has, or what the Python environment has that is
 * active.
 */
export async function findCuda(project: string): Promise<CudaRuntime | undefined> {
  const known = runtimeIn(linkFolder(project), 'linked') ?? runtimeIn(orNowhere(npmFolder), 'npm')
  if (known !== undefined) return known
  for (const packages of await pythonPackages()) {
    const found = runtimeIn(join(packages, pythonFolder), 'python')
    if (found !== undefined) return found
  }
  return undefined
}

/** The `site-packages` folders of the environments that are active, and of the Python that would run. */
export async function pythonPackages(): Promise<readonly string[]> {
  const environments = [process.env.VIRTUAL_ENV, process.env.CONDA_PREFIX].flatMap((prefix) =>
    prefix === undefined || prefix === '' ? [] : packagesOf(prefix),
  )
  const { code, output } = await runCommand('python3', [
    '-c',
    'import sysconfig; print(sysconfig.get_path("platlib")); print(sysconfig.get_path("purelib"))',
  ])
  const own = code === 0 ? output.split('\n').filter(Boolean) : []
  return [...new Set([...environments, ...own])].filter((folder) => existsSync(folder))
}

function packagesOf(prefix: string): readonly string[] {
  const library = join(prefix, 'lib')
  if (!existsSync(library)) return []
  return readdirSync(library)
    .filter((name) => /^python3\.\d+$/.test(name))
    .map((name) => join(library, name, 'site-packages'))
}

function orNowhere(folder: () => string): string {
  try {
    return folder()
  } catch {
    return ''
  }
}
