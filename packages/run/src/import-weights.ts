import { ConvzooError, createModel, type NamedTensor } from '@convzoo/core'
import { defineOptions, requireArguments, text } from '@convzoo/core/define'
import { pathOption } from '@convzoo/files'
import { openPyTorch, openSafetensors, writeSafetensors } from '@convzoo/safetensors'
import { inOurLayout, pairedWeights } from './network/peer-weights.js'
import { resolveArchitecture } from './plugins/installed.js'

export interface ImportWeightsOptions {
  /** Whose weights they are: an id such as `alexnet.torchvision`, for its own input. */
  readonly as: string
  /** The safetensors file to write. */
  readonly to: string
}

/** What was imported. */
export interface ImportedWeights {
  /** Names of the weights that were written. */
  readonly names: readonly string[]
  /** Classes of the network. */
  readonly classes: number
}

const importOptions = defineOptions({ as: text, to: pathOption })

/** Which tensor says how many classes there are: the bias of the last layer. */
const lastBias = ({ tensors }: { readonly tensors: Readonly<Record<string, { readonly name: string }>> }) =>
  Object.values(tensors).at(-1)?.name

/**
 * Turns the weights of another library into ours: `.pth` and `.pt` of PyTorch, or safetensors with that library's names. The network's tag
 * says which tensor is which weight, and in which layout. Nothing in the file is run.
 *
 * @param path The file; what it is is told by its name: `.safetensors`, or else PyTorch's.
 * @throws ConvzooError of kind `file` if it cannot be read or holds other tensors, of kind `option` if the tag knows of no other library.
 * @example
 * await importWeights('alexnet.pth', { as: 'alexnet.torchvision', to: 'alexnet.safetensors' })
 */
export async function importWeights(path: string, options: ImportWeightsOptions): Promise<ImportedWeights> {
  requireArguments('importWeights', { path: [pathOption, path] })
  const { as: id, to } = importOptions.parse('importWeights', options)
  const { architecture, tag, tagName } = await resolveArchitecture(id)
  const { peerWeights: peer } = tag
  if (peer === undefined) throw knowsNone(`${architecture.name}.${tagName}`)
  const file = await (path.endsWith('.safetensors') ? openSafetensors(path) : openPyTorch(path))
  try {
    const [ofFile] = file.tensors.find(({ name }) => name === lastBias(peer))?.shape ?? []
    const model = createModel(architecture, { tag: tagName, ...(ofFile === undefined ? {} : { classes: ofFile }) })
    const moved = pairedWeights(path, model.weights, peer, file.tensors)
    const byWeight = new Map(moved.map((each) => [each.weight.name, each]))
    async function* read(names: readonly string[]): AsyncGenerator<NamedTensor, void, undefined> {
      for (const name of names) {
        const each = byWeight.get(name)
        if (each === undefined) continue
        for await (const tensor of file.read(new Set([each.tensor.name]))) yield inOurLayout(tensor, each)
      }
    }
    const specs = moved.map(({ weight: { name, shape } }) => ({ name, shape }))
    await writeSafetensors(to, {
      specs,
      read,
      metadata: { network: `${architecture.name}.${tagName}`, peer: peer.peer },
    })
    return { names: specs.map(({ name }) => name), classes: model.classes }
  } finally {
    await file.close()
  }
}

function knowsNone(id: string): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `The network ${id} does not say where other libraries keep its weights.`,
    expected: 'a network that does, such as alexnet.torchvision',
    received: id,
  })
}
