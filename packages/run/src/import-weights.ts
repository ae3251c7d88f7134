import type { NamedTensor } from '@convzoo/core'
import { defineOptions, optional, requireArguments, text } from '@convzoo/core/define'
import { pathOption } from '@convzoo/files'
import { writeSafetensors } from '@convzoo/safetensors'
import { classesOption, classNamesOf, namesAsText } from './weights/class-names.js'
import { networkOfFile, requireAsManyNames } from './weights/network-of-file.js'
import { openWeightsFile } from './weights/weights-file.js'

export interface ImportWeightsOptions {
  /** Whose weights they are: an id such as `alexnet.torchvision`, for its own input. */
  readonly as: string
  /** The safetensors file to write. */
  readonly to: string
  /** Names of the classes, in the order of the outputs, or the path of a file that holds them, a line each; none by default. */
  readonly classes?: string | readonly string[] | undefined
}

/** What was imported. */
export interface ImportedWeights {
  /** Names of the weights that were written. */
  readonly names: readonly string[]
  /** Classes of the network. */
  readonly classes: number
}

const importOptions = defineOptions({ as: text, to: pathOption, classes: optional(classesOption) })

/**
 * Turns the weights of another library into ours: `.pth` and `.pt` of PyTorch, or safetensors with that library's names. The network's tag
 * says which tensor is which weight, and in which layout. Nothing in the file is run. What is written knows its network, and its classes where
 * they were given.
 *
 * @param path The file; what it is is told by its name: `.safetensors`, or else PyTorch's.
 * @throws ConvzooError of kind `file` if it cannot be read or holds other tensors, of kind `option` if the tag knows of no other library, or
 * there are more or fewer names than classes.
 * @example
 * await importWeights('alexnet.pth', { as: 'alexnet.torchvision', to: 'alexnet.safetensors' })
 */
export async function importWeights(path: string, options: ImportWeightsOptions): Promise<ImportedWeights> {
  requireArguments('importWeights', { path: [pathOption, path] })
  const { as: id, to, classes: given } = importOptions.parse('importWeights', options)
  const names = given === undefined ? undefined : await classNamesOf(given)
  const file = await openWeightsFile(path, id)
  try {
    const { peer } = file
    const { model, id: whole } = networkOfFile(file, undefined)
    if (names !== undefined) requireAsManyNames(names, model)
    async function* read(wanted: readonly string[]): AsyncGenerator<NamedTensor, void, undefined> {
      for (const name of wanted) yield* file.read(new Set([name]))
    }
    await writeSafetensors(to, {
      specs: file.tensors,
      read,
      metadata: {
        network: whole,
        ...(peer === undefined ? {} : { peer }),
        ...(names === undefined ? {} : { classes: namesAsText(names) }),
      },
    })
    return { names: file.tensors.map(({ name }) => name), classes: model.classes }
  } finally {
    await file.close()
  }
}
