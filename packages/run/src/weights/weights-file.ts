import { ConvzooError, createModel, type NamedTensor, type PeerWeights, type ResolvedArchitecture } from '@convzoo/core'
import { printable } from '@convzoo/core/define'
import { openPyTorch, openSafetensors, type TensorSpec } from '@convzoo/safetensors'
import { resolveArchitecture } from '../plugins/installed.js'
import { inOurLayout, pairedWeights } from './peer-weights.js'
import { isOfPreprocessing, readStoredImages, type StoredImages } from './stored-preprocessing.js'

/** An opened file of weights, under our names and in our layout, whoever wrote it. Close it after use. */
export interface WeightsFile {
  readonly path: string
  readonly tensors: readonly TensorSpec[]
  /** The network that they are of, where that is known. */
  readonly network: ResolvedArchitecture | undefined
  /** What stands beside them in a safetensors file. */
  readonly metadata: Readonly<Record<string, string>>
  /** The library that wrote them, where that is another one. */
  readonly peer: string | undefined
  /** What it says of the images that its network sees. */
  readonly images: StoredImages
  /** The tensors, one at a time; of these names, where some are given. */
  read(names?: ReadonlySet<string>): AsyncGenerator<NamedTensor, void, undefined>
  close(): Promise<void>
}

/** What a reader of tensors gives. */
type TensorFile = Pick<WeightsFile, 'tensors' | 'read' | 'close'>

/**
 * Opens a file of weights: a safetensors file by its name, or else a state dict of PyTorch's, of which nothing is run. Those of another
 * library become ours by what the network's tag says of it.
 *
 * @param as The id of their network; by default the one that the file names.
 * @throws ConvzooError of kind `file` if it cannot be read or does not hold the weights of the network, of kind `option` if nobody says
 * which network they are of, or that does not say where the other library keeps its weights.
 */
export async function openWeightsFile(path: string, as: string | undefined): Promise<WeightsFile> {
  const isSafetensors = path.endsWith('.safetensors')
  const opened = await (isSafetensors ? openSafetensors(path) : openPyTorch(path))
  try {
    const metadata = 'metadata' in opened ? opened.metadata : {}
    const images = await readStoredImages({ path, metadata, read: (names) => opened.read(names) })
    const weights = withoutPreprocessing(opened)
    const id = as ?? metadata.network
    const network = id === undefined ? undefined : await resolveArchitecture(id)
    const peer = network?.tag.peerWeights
    if (isSafetensors && (peer === undefined || !isOfPeer(weights, peer))) {
      return { ...weights, path, network, metadata, peer: undefined, images }
    }
    if (network === undefined) throw withoutNetwork(path)
    if (peer === undefined) throw knowsNone(network)
    return { ...peerFile(path, weights, network, peer), path, network, metadata, peer: peer.peer, images }
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** Whether a safetensors file has another library's names, and none of ours. */
function isOfPeer({ tensors }: TensorFile, { tensors: theirs }: PeerWeights): boolean {
  const names = new Set(tensors.map(({ name }) => name))
  return (
    Object.values(theirs).some(({ name }) => names.has(name)) && !Object.keys(theirs).some((name) => names.has(name))
  )
}

/** The weights among a file's tensors. */
function withoutPreprocessing(file: TensorFile): TensorFile {
  const tensors = file.tensors.filter((tensor) => !isOfPreprocessing(tensor))
  const all = new Set(tensors.map(({ name }) => name))
  return {
    tensors: tensors.map(({ name, shape }) => ({ name, shape })),
    read: (names = all) => file.read(names),
    close: () => file.close(),
  }
}

/** Which tensor says how many classes there are: the bias of the last layer. */
const lastBias = ({ tensors }: PeerWeights): string | undefined => Object.values(tensors).at(-1)?.name

function peerFile(
  path: string,
  file: TensorFile,
  { architecture, tagName }: ResolvedArchitecture,
  peer: PeerWeights,
): TensorFile {
  const [classes] = file.tensors.find(({ name }) => name === lastBias(peer))?.shape ?? []
  const counted = classes === undefined || classes < 1 ? {} : { classes }
  const model = createModel(architecture, { tag: tagName, ...counted })
  const moved = pairedWeights(path, model.weights, peer, file.tensors)
  return {
    tensors: moved.map(({ weight: { name, shape } }) => ({ name, shape })),
    async *read(names) {
      for (const each of moved) {
        if (names?.has(each.weight.name) === false) continue
        for await (const tensor of file.read(new Set([each.tensor.name]))) yield inOurLayout(tensor, each)
      }
    },
    close: () => file.close(),
  }
}

/** Of weights that do not say what they are the weights of. */
export function withoutNetwork(path: string): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `${printable(path)} does not say which network its weights are of.`,
    expected: 'the id of a network with it, such as alexnet.torchvision',
    received: 'none',
    hint: 'give the id: --as alexnet.torchvision, or { as: "alexnet.torchvision" } in a program',
  })
}

/** Of a network of whose weights elsewhere nothing is known. */
export function knowsNone({ architecture, tagName }: ResolvedArchitecture): ConvzooError {
  const id = `${architecture.name}.${tagName}`
  return new ConvzooError({
    kind: 'option',
    message: `The network ${id} does not say where other libraries keep its weights.`,
    expected: 'a network that does, such as alexnet.torchvision',
    received: id,
  })
}
