import { ConvzooError, type Model, type ResolvedArchitecture } from '@convzoo/core'
import { defineOptions, formatShape, optional, requireArguments, text } from '@convzoo/core/define'
import { pathOption } from '@convzoo/files'
import { writeSafetensors } from '@convzoo/safetensors'
import { inPeerLayout, pairedForPeer } from './weights/peer-weights.js'
import { openTrainedWeights } from './weights/trained-weights.js'
import { knowsNone } from './weights/weights-file.js'

export interface ExportWeightsOptions {
  /** The safetensors file to write. */
  readonly to: string
  /** Which network the weights of a file are of; by default the one that the file names. */
  readonly as?: string | undefined
}

/** What was exported. */
export interface ExportedWeights {
  /** The other library's network, such as `torchvision.models.alexnet`. */
  readonly peer: string
  /** Its names of the tensors, in the order of its own list. */
  readonly names: readonly string[]
}

const exportOptions = defineOptions({ to: pathOption, as: optional(text) })

/**
 * Writes weights as another library has them, in a safetensors file: under its names, in its layout, the same numbers bit for bit. What
 * {@link importWeights} made of that library's file becomes what it was.
 *
 * @param path A run, or a file of weights.
 * @throws ConvzooError of kind `option` if the network's tag knows of no other library, of kind `file` if the weights cannot be read.
 * @example
 * await exportWeights('runs/flowers', { to: 'flowers.safetensors' })
 * // In Python: torchvision.models.alexnet(num_classes=5).load_state_dict(safetensors.torch.load_file('flowers.safetensors'))
 */
export async function exportWeights(path: string, options: ExportWeightsOptions): Promise<ExportedWeights> {
  requireArguments('exportWeights', { path: [pathOption, path] })
  const { to, as } = exportOptions.parse('exportWeights', options)
  const weights = await openTrainedWeights(path, as)
  try {
    const { network, model } = weights
    const { peerWeights: peer } = network.tag
    if (peer === undefined) throw knowsNone(network)
    const moved = pairedForPeer(model.weights, peer)
    if (moved === undefined) throw ofOtherShapes(network, model, peer.peer)
    const byName = new Map(moved.map((each) => [each.tensor.name, each]))
    await writeSafetensors(to, {
      specs: moved.map(({ tensor: { name }, layout }) => ({ name, shape: layout.theirs })),
      async *read(names) {
        for (const name of names) {
          const each = byName.get(name)
          if (each === undefined) continue
          for await (const tensor of weights.read([each.weight.name])) yield inPeerLayout(tensor, each)
        }
      },
    })
    return { peer: peer.peer, names: moved.map(({ tensor: { name } }) => name) }
  } finally {
    await weights.close()
  }
}

function ofOtherShapes(
  { architecture, tagName, tag }: ResolvedArchitecture,
  { inputs }: Model,
  peer: string,
): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `The weights of ${architecture.name}.${tagName} have other shapes in ${peer}, which sees other images.`,
    expected: `an input of ${formatShape(tag.defaults.input)}`,
    received: formatShape(inputs[0]?.shape ?? []),
    hint: 'export them under our own names: convzoo export --format safetensors',
  })
}
