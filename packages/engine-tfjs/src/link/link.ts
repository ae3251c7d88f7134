import { existsSync, statSync } from 'node:fs'
import { mkdir, mkdtemp, readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { defineOptions, functionOf, optional, text } from '@convzoo/core/define'
import { removeFile, removeFolder, renameFile } from '@convzoo/files'
import { findNative, type NativeDevice, type NativePackage, nativePackages } from '../native/packages.js'
import { placementLine, probe } from '../native/placement.js'
import { compileBinding, tryBinding } from './compile.js'
import { linkError } from './errors.js'
import { librariesIn, requireHeaders } from './library.js'
import { fetchWheel } from './pip.js'
import { unpackWheel } from './wheel.js'

export interface LinkOptions {
  /** A wheel, a folder that has TensorFlow in it (`site-packages`), or `pip`, which fetches a wheel. */
  readonly source: string
  /** The folder whose native packages are linked; the current one by default. */
  readonly project?: string
  /** Told what is being done, one line each. */
  readonly log?: (line: string) => void
}

export interface LinkResult {
  readonly package: string
  readonly binding: string
  /** The folder of the libraries that the binding loads. */
  readonly library: string
  readonly libtensorflow: string
  /** What TensorFlow did with a few operations on the new binding. */
  readonly placement: string
}

const options = defineOptions({
  source: text,
  project: optional(text),
  log: optional(functionOf<(line: string) => void>()),
})

/**
 * Builds the binding of each installed native package anew, against another libtensorflow than the 2.9.1 it was made for: that of
 * TensorFlow's Python wheels, which brings a current CUDA. What is installed changes only once the new binding has been compiled and
 * loaded, and is put back if TensorFlow then does not run on it.
 *
 * @throws ConvzooError of kind `option` for a bad option, of kind `engine` that says which step failed.
 * @example
 * const [linked] = await linkLibtensorflow({ source: 'venv/lib/python3.12/site-packages' })
 */
export async function linkLibtensorflow(given: LinkOptions): Promise<readonly LinkResult[]> {
  const { source, project = process.cwd(), log = () => {} } = options.parse('linkLibtensorflow', given)
  if (process.platform !== 'linux') {
    throw linkError({
      message: 'Linking is tried on Linux alone.',
      expected: 'Linux',
      received: process.platform,
      hint: 'use the binding that the package fetches: npm rebuild @tensorflow/tfjs-node',
    })
  }
  const devices: readonly NativeDevice[] = ['cuda', 'node']
  const installed = devices.flatMap((device) => findNative(device, project) ?? [])
  if (installed.length === 0) {
    throw linkError({
      message: 'There is no native package to link.',
      expected: `${Object.values(nativePackages).join(' or ')} in ${project}`,
      hint: `npm install --ignore-scripts ${nativePackages.cuda}`,
    })
  }
  const results: LinkResult[] = []
  for (const native of installed)
    results.push(await linkPackage(native, await openSource(source, native, project, log), log))
  return results
}

type Source = { readonly folder: string } | { readonly wheel: string }

async function openSource(
  source: string,
  { device, name }: NativePackage,
  project: string,
  log: (line: string) => void,
): Promise<Source> {
  if (source === 'pip') {
    const wheel = device === 'cuda' ? 'tensorflow' : 'tensorflow-cpu'
    log(`fetching the wheel of ${wheel} for ${name}`)
    return { wheel: await fetchWheel(wheel, project) }
  }
  const path = resolve(source)
  const kind = statSync(path, { throwIfNoEntry: false })
  if (kind?.isDirectory()) return { folder: path }
  if (kind?.isFile() && path.endsWith('.whl')) return { wheel: path }
  throw linkError({
    message: 'There is no TensorFlow to link.',
    expected: 'the path of a wheel (.whl), a folder such as site-packages, or pip',
    received: source,
  })
}

/** How the folders begin that linking makes in a package's `deps`, beside what the package itself may have there. */
const wheelPrefix = 'wheel-'

async function linkPackage(native: NativePackage, source: Source, log: (line: string) => void): Promise<LinkResult> {
  const dependencies = join(native.folder, 'deps')
  await mkdir(dependencies, { recursive: true })
  await mkdir(dirname(native.binding), { recursive: true })
  // In the package, so that what is finished is moved into place and not copied.
  const work = await mkdtemp(join(dependencies, 'linking-'))
  const candidate = join(dirname(native.binding), `linking-${process.pid}.node`)
  try {
    if ('wheel' in source) log(`unpacking ${source.wheel}`)
    const library =
      'folder' in source
        ? librariesIn(source.folder)
        : await unpackWheel(source.wheel, join(work, 'headers'), join(work, 'kept'))
    librariesIn(library.folder)
    requireHeaders(library)
    const kept = 'folder' in source ? undefined : `${wheelPrefix}${basename(source.wheel, '.whl')}`
    const folder = kept === undefined ? library.folder : join(dependencies, kept, 'tensorflow')
    log(`compiling the binding of ${native.name}`)
    const runPath = kept === undefined ? folder : `$ORIGIN/../../deps/${kept}/tensorflow`
    await compileBinding({ native, library, runPath, output: candidate })
    if (kept !== undefined) {
      await removeFolder(join(dependencies, kept))
      await renameFile(join(work, 'kept'), join(dependencies, kept))
    }
    const libtensorflow = await tryBinding(candidate)
    const placement = await activate(native, candidate)
    await removeUnused(dependencies, kept)
    return { package: native.name, binding: native.binding, library: folder, libtensorflow, placement }
  } finally {
    await removeFolder(work)
    await removeFile(candidate)
  }
}

/** The libraries of wheels that were linked before: nothing loads them any more. */
async function removeUnused(dependencies: string, kept: string | undefined): Promise<void> {
  const folders = (await readdir(dependencies)).filter((name) => name.startsWith(wheelPrefix) && name !== kept)
  for (const name of folders) await removeFolder(join(dependencies, name))
}

/** Puts the new binding in the place of the old one, and the old one back if TensorFlow does not run. */
async function activate(native: NativePackage, candidate: string): Promise<string> {
  const previous = `${native.binding}.previous`
  const had = existsSync(native.binding)
  if (had) await renameFile(native.binding, previous)
  try {
    await renameFile(candidate, native.binding)
    const result = await probe(native)
    if (result.failure !== undefined) {
      throw linkError({ message: `${native.name} does not run on the new binding.`, received: result.failure })
    }
    await removeFile(previous)
    return placementLine(result)
  } catch (error) {
    await removeFile(native.binding)
    if (had) await renameFile(previous, native.binding)
    throw error
  }
}
