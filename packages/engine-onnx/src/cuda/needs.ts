import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runCommand } from '@convzoo/files'
import type { CudaFiles } from '../kernels/libraries.js'
import { neededLibraries } from './elf.js'
import { type CudaRuntime, pythonPackages } from './provider.js'

/** A library that the CUDA provider wants of the machine. */
export interface Need {
  /** As the loader looks for it: `libcublas.so.13`. */
  readonly library: string
  /** The file that will be loaded; undefined where there is none. */
  readonly found: string | undefined
  /** Python's package that brings it; undefined for the driver. */
  readonly package: string | undefined
}

/** The provider opens it by this name when it starts, so its file does not name it. */
const cudnn = 'libcudnn.so.9'

/** What comes with the driver. */
const driver = 'libcuda.so.1'

/** What NVIDIA makes: the rest comes with every system. */
const isOfNvidia = (library: string): boolean => /^lib(?:cu|nv)/.test(library)

/**
 * What the provider of a runtime needs, and where it is: first where its file says, then in the order in which they have to be loaded.
 *
 * @throws Error if the provider's file cannot be read.
 */
export async function needsOf(runtime: CudaRuntime): Promise<readonly Need[]> {
  const libraries = [...neededLibraries(runtime.provider).filter(isOfNvidia), cudnn]
  const places = await placesFor(runtime)
  const cuda = cudaVersion(libraries)
  return inOrder(libraries).map((library) => {
    const found = places.map((place) => place(library)).find((path) => path !== undefined)
    return { library, found, package: packageOf(library, cuda) }
  })
}

/**
 * CUDA's compiler, which the provider goes without and kernels of our own do not.
 *
 * @param cuda The CUDA that the provider was built for.
 */
export async function compilerOf(runtime: CudaRuntime, cuda: string | undefined): Promise<Need | undefined> {
  if (cuda === undefined) return undefined
  const library = `libnvrtc.so.${cuda}`
  const places = await placesFor(runtime)
  const found = places.map((place) => place(library)).find((path) => path !== undefined)
  return { library, found, package: packageOf(library, cuda) }
}

/** What is lost without CUDA's compiler; undefined where it is found, or where it is not known which would be wanted. */
export function lostWithout(compiler: Need | undefined): string | undefined {
  if (compiler === undefined || compiler.found !== undefined) return undefined
  const { library, package: brought } = compiler
  return `CUDA's compiler (${library}) is not found: kernels of our own are left out, and steps take longer; pip install ${brought}`
}

/**
 * The files that kernels of our own need, beside what a provider needs itself; undefined where one is not found.
 *
 * @param needs What {@link needsOf} found.
 * @param compiler What {@link compilerOf} found.
 */
export async function kernelFiles(
  runtime: CudaRuntime,
  needs: readonly Need[],
  compiler: Need | undefined,
): Promise<CudaFiles | undefined> {
  const places = await placesFor(runtime)
  const found = (start: string): string | undefined =>
    needs.find(({ library }) => library.startsWith(start))?.found ??
    places.map((place) => place(start)).find((path) => path !== undefined)
  const [cudart, nvrtc, dnn] = [found('libcudart.'), compiler?.found, found(cudnn)]
  if (cudart === undefined || nvrtc === undefined || dnn === undefined) return undefined
  return { runtime: cudart, driver: found(driver) ?? driver, compiler: nvrtc, cudnn: dnn }
}

/** `13`, of `libcudart.so.13`: the CUDA that a provider was built for. */
export function cudaVersion(libraries: readonly string[]): string | undefined {
  return libraries
    .map((library) => /^libcudart\.so\.(\d+)$/.exec(library)?.[1])
    .find((version) => version !== undefined)
}

/** The driver first, then what others are made of. */
function inOrder(libraries: readonly string[]): readonly string[] {
  const order = ['libcuda.', 'libcudart.', 'libcublasLt.', 'libcublas.']
  const place = (library: string): number => {
    const found = order.findIndex((start) => library.startsWith(start))
    return found < 0 ? order.length : found
  }
  return libraries.toSorted((a, b) => place(a) - place(b))
}

/** What of pip's packages has a library. From CUDA 13 on, their names have no suffix but that of cuDNN. */
function packageOf(library: string, cuda = '13'): string | undefined {
  const suffix = Number(cuda) < 13 ? `-cu${cuda}` : ''
  const [, name = ''] = /^lib(\w+)\.so/.exec(library) ?? []
  const packages: Readonly<Record<string, string>> = {
    cudart: `nvidia-cuda-runtime${suffix}`,
    cublas: `nvidia-cublas${suffix}`,
    cublasLt: `nvidia-cublas${suffix}`,
    curand: `nvidia-curand${suffix}`,
    cufft: `nvidia-cufft${suffix}`,
    nvrtc: `nvidia-cuda-nvrtc${suffix}`,
    cudnn: `nvidia-cudnn-cu${cuda}`,
  }
  return packages[name]
}

/** What brings the libraries that are not found; undefined where none is missing. */
export function bringing(needs: readonly Need[]): string | undefined {
  const missing = needs.filter(({ found }) => found === undefined)
  const packages = [...new Set(missing.flatMap((need) => need.package ?? []))]
  const others = missing.filter((need) => need.package === undefined && need.library !== driver)
  const steps = [
    ...(missing.some(({ library }) => library === driver)
      ? ["install NVIDIA's driver (a container is started with --gpus all)"]
      : []),
    ...(packages.length > 0 ? [`in a Python environment that is active: pip install ${packages.join(' ')}`] : []),
    ...others.map(({ library }) => `install what has ${library}`),
  ]
  return steps.length === 0 ? undefined : steps.join('; ')
}

type Place = (library: string) => string | undefined

/** Where libraries are looked for, the first first. */
async function placesFor({ folder }: CudaRuntime): Promise<readonly Place[]> {
  const inFolder =
    (place: string): Place =>
    (library) =>
      existsSync(join(place, library)) ? join(place, library) : undefined
  const named = (process.env.LD_LIBRARY_PATH ?? '').split(':').filter(Boolean)
  // Beside the Python package that has the provider, if it is one.
  const packages = [dirname(dirname(folder)), ...(await pythonPackages())]
  const { output } = await runCommand('ldconfig', ['-p'])
  const cached = new Map(
    [...output.matchAll(/^\s*(\S+) \(.*x86-64.*\) => (\S+)$/gm)].map(([, name = '', path = '']) => [name, path]),
  )
  return [
    ...[...named, folder, ...packages.flatMap(nvidiaFolders)].map(inFolder),
    (library) => cached.get(library),
    ...['/usr/local/cuda/lib64', '/usr/lib/wsl/lib'].map(inFolder),
  ]
}

/** What pip installs of CUDA and cuDNN: `nvidia/cu13/lib`, `nvidia/cudnn/lib`. */
function nvidiaFolders(packages: string): readonly string[] {
  const nvidia = join(packages, 'nvidia')
  return existsSync(nvidia) ? readdirSync(nvidia).map((name) => join(nvidia, name, 'lib')) : []
}
