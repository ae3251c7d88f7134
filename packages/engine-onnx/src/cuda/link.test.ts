import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onnx } from '@convzoo/engine-onnx'
import { linkOnnxruntime } from '@convzoo/engine-onnx/cuda'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { npmLibrary } from '../capi/npm-library.js'
import { examineCuda } from './examine.js'
import { linkFolder } from './provider.js'

let folder: string
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-link-')))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

// Only Linux on x64 gets beyond the first of these checks; elsewhere the platform is what is refused.
const isTried = process.platform === 'linux' && process.arch === 'x64'
const onLinux = (message: string): string => (isTried ? message : 'Linking is tried on Linux on x64 alone.')
const link = (source: string) => linkOnnxruntime({ source, project: folder })

/** A Python environment's packages, with the library of onnxruntime-node and a provider that is none, or another library. */
function packages(provider?: string): string {
  const capi = join(folder, 'site-packages', 'onnxruntime', 'capi')
  mkdirSync(capi, { recursive: true })
  symlinkSync(npmLibrary(), join(capi, 'libonnxruntime.so.1.30.0'))
  for (const name of ['cuda', 'shared']) {
    const path = join(capi, `libonnxruntime_providers_${name}.so`)
    if (provider === undefined) writeFileSync(path, 'no library. '.repeat(20))
    else symlinkSync(provider, path)
  }
  return dirname(dirname(capi))
}

const refusal = { kind: 'engine', sentence: 'The device "cuda" of engine onnx cannot be used.' }

/** What a program meets that asks for the device. */
const compiled = () => onnx({ device: 'cuda', project: folder }).compile({ state: [], functions: {} })

describe('linking ONNX Runtime', () => {
  it('refuses what holds none, and leaves nothing behind', async () => {
    const text = join(folder, 'onnxruntime_gpu.whl')
    writeFileSync(text, 'no zip at all')
    await expect(link('nowhere.whl')).rejects.toMatchObject({ sentence: onLinux('There is no ONNX Runtime to link.') })
    await expect(link(text)).rejects.toMatchObject({ kind: 'engine', sentence: onLinux(`${text} cannot be unpacked.`) })
    await expect(link(folder)).rejects.toMatchObject({
      sentence: onLinux('There is no ONNX Runtime with a CUDA provider in what was given.'),
    })
    if (isTried) expect(readdirSync(dirname(linkFolder(folder)))).toEqual([])
  })

  it.skipIf(!isTried)('keeps what was linked where what is given does not run, on Linux on x64', async () => {
    const there = join(linkFolder(folder), 'libonnxruntime.so.1')
    mkdirSync(dirname(there), { recursive: true })
    writeFileSync(there, 'what was there')
    const capi = join(folder, 'onnxruntime', 'capi')
    mkdirSync(capi, { recursive: true })
    for (const name of ['', '_providers_cuda', '_providers_shared']) {
      writeFileSync(join(capi, `libonnxruntime${name}.so`), 'no library. '.repeat(20))
    }
    await expect(link(folder)).rejects.toMatchObject({ sentence: 'This ONNX Runtime does not run here.' })
    expect(existsSync(there)).toBe(true)
  })

  it.skipIf(!isTried)('uses a folder where it is, and says what is missing for a GPU, on Linux on x64', async () => {
    const source = packages()
    const found = await link(source)
    expect(found.runtime).toMatchObject({ origin: 'linked', folder: join(source, 'onnxruntime', 'capi') })
    expect([found.usable, found.reason]).toEqual([
      undefined,
      expect.stringMatching(/cannot be read: no 64-bit ELF file/),
    ])
    expect(found.hint).toMatch(/--link-onnxruntime pip/)
    // It is found again by whoever asks.
    expect((await examineCuda(folder)).runtime).toEqual(found.runtime)
    await expect(compiled()).rejects.toMatchObject({ ...refusal, received: found.reason, hint: found.hint })
  })

  it.skipIf(!isTried)('says why a library that is no provider is of no use, on Linux on x64', async () => {
    const { usable, probe, reason, hint } = await link(packages(npmLibrary()))
    expect([usable, probe?.cpu]).toEqual([undefined, true])
    // Where cuDNN is on the machine, it is not what is missing.
    const [says, helps] = [/undefined symbol: Provider_SetHost/, /nvidia-cudnn-cu13|nvidia-smi/]
    expect([reason, hint]).toEqual([expect.stringMatching(says), expect.stringMatching(helps)])
    await expect(compiled()).rejects.toMatchObject({ ...refusal, received: reason, hint })
  })
})
