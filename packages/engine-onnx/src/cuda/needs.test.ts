import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { neededLibraries } from './elf.js'
import { bringing, compilerOf, cudaVersion, kernelFiles, lostWithout } from './needs.js'
import { complaintsOf } from './probe.js'

const binaries = join(dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json')), 'bin/napi-v6')

describe('the libraries that a library of Linux needs', () => {
  it.each(['x64', 'arm64'])('are read from its file, on any system: %s', (arch) => {
    // As readelf -d lists them.
    const needed = neededLibraries(join(binaries, 'linux', arch, 'libonnxruntime.so.1'))
    expect(needed.slice(0, 6)).toEqual([
      'libdl.so.2',
      'librt.so.1',
      'libpthread.so.0',
      'libstdc++.so.6',
      'libm.so.6',
      'libgcc_s.so.1',
    ])
    expect(cudaVersion(needed)).toBeUndefined()
  })

  it.each([
    ['a library of macOS', join(binaries, 'darwin/arm64/libonnxruntime.1.dylib')],
    ['a text', new URL('needs.test.ts', import.meta.url).pathname],
  ])('are not read from %s', (_, path) => {
    expect(() => neededLibraries(path)).toThrow('no 64-bit ELF file')
  })
})

describe('what brings the libraries that are missing', () => {
  const need = (library: string, name: string | undefined, found?: string) => ({ library, package: name, found })

  it('is one command, and the driver is not of pip', () => {
    expect(
      bringing([
        need('libcuda.so.1', undefined),
        need('libcublasLt.so.13', 'nvidia-cublas'),
        need('libcublas.so.13', 'nvidia-cublas'),
        need('libcudart.so.13', 'nvidia-cuda-runtime', 'cuda/lib/libcudart.so.13'),
        need('libcudnn.so.9', 'nvidia-cudnn-cu13'),
        need('libnew.so.1', undefined),
      ]),
    ).toBe(
      "install NVIDIA's driver (a container is started with --gpus all); in a Python environment that is active: pip install nvidia-cublas nvidia-cudnn-cu13; install what has libnew.so.1",
    )
  })

  it('is nothing where all are found', () => {
    expect(bringing([need('libcuda.so.1', undefined, 'cuda/lib/libcuda.so.1')])).toBeUndefined()
  })
})

describe("CUDA's compiler", () => {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-needs-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const runtime = {
    folder,
    library: join(folder, 'lib.so'),
    provider: join(folder, 'cuda.so'),
    origin: 'linked',
  } as const
  const need = (library: string) => ({ library, package: undefined, found: join(folder, library) })
  const needs = [need('libcudart.so.13'), need('libcudnn.so.9')]

  it('is of the CUDA that the provider was built for, and kernels of ours are left out without it', async () => {
    const compiler = await compilerOf(runtime, '99')
    expect(compiler).toEqual({ library: 'libnvrtc.so.99', found: undefined, package: 'nvidia-cuda-nvrtc' })
    expect(lostWithout(compiler)).toBe(
      "CUDA's compiler (libnvrtc.so.99) is not found: kernels of our own are left out, and steps take longer; pip install nvidia-cuda-nvrtc",
    )
    expect(await kernelFiles(runtime, needs, compiler)).toBeUndefined()
  })

  it('is found beside the runtime', async () => {
    const path = join(folder, 'libnvrtc.so.13')
    writeFileSync(path, '')
    const compiler = await compilerOf(runtime, '13')
    expect([compiler?.found, lostWithout(compiler)]).toEqual([path, undefined])
    expect(await kernelFiles(runtime, needs, compiler)).toMatchObject({ compiler: path })
  })
})

// As ONNX Runtime 1.30.0 wrote them where no CUDA was, and where the driver was a stub.
it.each([
  {
    log: '2026-11-27 [E:onnxruntime:convzoo, provider_bridge_ort.cc:2146 Create] 1 : FAIL : Failed to load library /capi/libonnxruntime_providers_cuda.so with error: libcublasLt.so.13: cannot open shared object file: No such file or directory\n\u001b[m',
    said: 'libcublasLt.so.13: cannot open shared object file: No such file or directory',
  },
  {
    log: 'CUDA failure 36: API call is not supported in the installed CUDA driver ; GPU=-1 ; hostname=vm ; file=/onnxruntime_src/x.cc ; line=69 ; expr=cudaGetDeviceCount(&num_devices); \u001b[m',
    said: 'API call is not supported in the installed CUDA driver',
  },
])('of what ONNX Runtime writes, this is told: $said', ({ log, said }) => {
  expect(complaintsOf(`${log}\n${log}`)).toEqual([said])
})
