import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ConvzooError } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { chunksOf } from '@convzoo/files'
import { type InstalledWeights, weightsOf } from '@convzoo/plugins'
import { installCommand } from '../plugins/install-command.js'
import { installedPlugins } from '../plugins/installed.js'

/** Where weights are: in the folder of a run, or in a file, perhaps one that a package ships. */
export type WeightsPlace =
  | { readonly kind: 'run'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly published: InstalledWeights | undefined }

/** How names of files of weights end. */
const ofFiles = /\.(?:safetensors|pth|pt)$/i

/** What only a package is called by. */
const scoped = /^@[\w.~-]+\/[\w.~-]+$/

/**
 * Where the weights are that a user names: a folder is a run, and anything else that is there a file. Where nothing is, the name may be that of
 * weights that a package ships, or that of the package; or else it means a run that is missing, unless it ends as a file does.
 *
 * @throws ConvzooError of kind `file` if a package's weights are not those that it says, of kind `registry` or `option` if a package of this
 * name is not installed, or has none that can be used.
 */
export async function findWeights(given: string): Promise<WeightsPlace> {
  const there = await stat(given).catch(() => undefined)
  if (there?.isDirectory() === true) return { kind: 'run', path: given }
  if (there !== undefined || ofFiles.test(given)) return { kind: 'file', path: given, published: undefined }
  const published = weightsOf(installedPlugins(), given)
  if (published === undefined && scoped.test(given)) throw await notInstalled(given)
  if (published === undefined) return { kind: 'run', path: given }
  await requireChecksum(published)
  return { kind: 'file', path: published.path, published }
}

/** The name of weights, as a run keeps it: a path from wherever the run is resumed, a package's as it is. */
export async function wholeWeights(given: string): Promise<string> {
  const place = await findWeights(given)
  return place.kind === 'file' && place.published !== undefined ? given : resolve(given)
}

async function notInstalled(name: string): Promise<ConvzooError> {
  return new ConvzooError({
    kind: 'registry',
    message: `No package ${name} is installed in this project, nor is there a run or a file of this name.`,
    expected: 'a package that ships weights, among the dependencies of the project in the current folder',
    received: name,
    hint: await installCommand(name),
  })
}

/** What a file of weights should be. */
const expected = 'the file of weights that the package says'

async function requireChecksum({ path, name, sha256, plugin }: InstalledWeights): Promise<void> {
  const hash = createHash('sha256')
  for await (const chunk of chunksOf(path, { expected, chunkBytes: 2 ** 20 })) hash.update(chunk)
  const found = hash.digest('hex')
  if (found === sha256.toLowerCase()) return
  throw new ConvzooError({
    kind: 'file',
    message: `The weights "${printable(name)}" of ${plugin.name}@${plugin.version} are not those that it says.`,
    expected: `${printable(path)} of SHA-256 ${sha256}`,
    received: found,
    hint: `install ${plugin.name} again, or tell its author`,
  })
}
