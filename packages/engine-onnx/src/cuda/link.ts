import { existsSync, statSync } from 'node:fs'
import { mkdtemp, symlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { defineOptions, type ErrorFields, functionOf, optional, text } from '@convzoo/core/define'
import { downloadWheel, makeFolder, removeFolder, renameFile, runCommand } from '@convzoo/files'
import { runtimeVersion } from '../runtime/version.js'
import { type CudaFindings, examineCuda } from './examine.js'
import { probe } from './probe.js'
import { type CudaRuntime, linkFolder, providerFiles, pythonFolder, runtimeIn } from './provider.js'

export interface LinkOptions {
  /** A wheel of onnxruntime-gpu, a folder that has it in it (`site-packages`), or `pip`, which fetches the wheel. */
  readonly source: string
  /** The folder in whose node_modules it is linked; the current one by default. */
  readonly project?: string
  /** Told what is being done, one line each. */
  readonly log?: (line: string) => void
}

const options = defineOptions({
  source: text,
  project: optional(text),
  log: optional(functionOf<(line: string) => void>()),
})

const linkError = (fields: Omit<ErrorFields, 'kind'>): ConvzooError => new ConvzooError({ kind: 'engine', ...fields })

/**
 * Gives a project ONNX Runtime with its CUDA provider, out of Python's package: a wheel is unpacked into the project's node_modules, a folder
 * is used where it is. It is tried on the CPU before it takes the place of what was linked before.
 *
 * @returns What was linked, and what is still missing for a GPU, if anything is.
 * @throws ConvzooError of kind `option` for a bad option, of kind `engine` that says which step failed.
 * @example
 * const { reason } = await linkOnnxruntime({ source: 'venv/lib/python3.12/site-packages' })
 */
export async function linkOnnxruntime(given: LinkOptions): Promise<CudaFindings> {
  const { source, project = process.cwd(), log = () => {} } = options.parse('linkOnnxruntime', given)
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw linkError({
      message: 'Linking is tried on Linux on x64 alone.',
      expected: 'linux x64',
      received: `${process.platform} ${process.arch}`,
      hint: 'use the device cpu',
    })
  }
  const place = linkFolder(project)
  await makeFolder(dirname(place))
  // Beside its place, so that what is finished is moved and not copied.
  const work = await mkdtemp(join(dirname(place), 'linking-'))
  try {
    const candidate = join(work, 'runtime')
    const folder = folderOf(source, log)
    if (folder === undefined) await unpack(await wheelOf(source, work, log), candidate, work, log)
    else await symlink(folder, candidate, 'dir')
    await tryOnCpu(requireRuntime(candidate, source))
    await removeFolder(place)
    await renameFile(candidate, place)
  } finally {
    await removeFolder(work)
  }
  return examineCuda(project)
}

/** The folder in which the libraries are, of a source that is a folder. */
function folderOf(source: string, log: (line: string) => void): string | undefined {
  const path = resolve(source)
  if (source === 'pip' || statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined
  const found = [join(path, pythonFolder), path].find((each) => runtimeIn(each, 'linked') !== undefined)
  log(`using ${found ?? path} where it is`)
  return found ?? path
}

async function wheelOf(source: string, work: string, log: (line: string) => void): Promise<string> {
  if (source !== 'pip') {
    const path = resolve(source)
    if (path.endsWith('.whl') && existsSync(path)) return path
    throw linkError({
      message: 'There is no ONNX Runtime to link.',
      expected: 'the path of a wheel (.whl), a folder such as site-packages, or pip',
      received: source,
    })
  }
  const wanted = `onnxruntime-gpu==${runtimeVersion()}`
  log(`fetching the wheel of ${wanted}`)
  return downloadWheel(wanted, work)
}

/** Unpacks a wheel by Python, and keeps of it what ONNX Runtime and its CUDA provider are. */
async function unpack(wheel: string, into: string, work: string, log: (line: string) => void): Promise<void> {
  log(`unpacking ${wheel}`)
  const all = join(work, 'wheel')
  const { code, errors } = await runCommand('python3', ['-m', 'zipfile', '-e', wheel, all])
  if (code !== 0) {
    throw linkError({
      message: `${wheel} cannot be unpacked.`,
      expected: 'a wheel of onnxruntime-gpu, and python3, which unpacks it',
      received: code === undefined ? 'there is no python3' : (errors.trim().split('\n').at(-1) ?? ''),
      hint: 'fetch it again: it may not have been written to its end',
    })
  }
  const from = runtimeIn(join(all, pythonFolder), 'linked')
  if (from === undefined) throw noProvider(wheel)
  await makeFolder(into)
  for (const name of [basename(from.library), ...providerFiles]) {
    await renameFile(join(from.folder, name), join(into, name))
  }
}

function requireRuntime(folder: string, source: string): CudaRuntime {
  const found = runtimeIn(folder, 'linked')
  if (found === undefined) throw noProvider(source)
  return found
}

const noProvider = (source: string): ConvzooError =>
  linkError({
    message: 'There is no ONNX Runtime with a CUDA provider in what was given.',
    expected: `libonnxruntime.so, ${providerFiles.join(' and ')} in ${pythonFolder}, as onnxruntime-gpu has them on Linux on x64`,
    received: source,
    hint: `give the site-packages folder of a Python that has onnxruntime-gpu, its wheel, or pip`,
  })

/** Nothing takes the place of a runtime that works but one that does. */
async function tryOnCpu(runtime: CudaRuntime): Promise<void> {
  const { cpu, failure = '' } = await probe(runtime, [])
  if (cpu === true) return
  throw linkError({
    message: 'This ONNX Runtime does not run here.',
    expected: 'a session on its CPU',
    received: failure,
    hint: `give onnxruntime-gpu ${runtimeVersion()}`,
  })
}
