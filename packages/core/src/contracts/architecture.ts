import type { AuxiliaryOutput, Ending, SymbolicTensor } from '../model/index.js'
import type { Shape } from '../shape.js'
import type { ImageShape } from './dataset.js'
import type { Preprocessing } from './preprocessing.js'
import type { Recipe } from './recipe.js'

/** The contract that this file is. */
export const architectureSpecification = 'architecture/v1'

/** Where an architecture was published. */
export interface Paper {
  readonly title: string
  readonly authors: readonly string[]
  readonly year: number
  readonly url: string
}

/** What a tag's network is built from. */
export interface BuildInputs {
  /** (H, W, C). Several networks can share one. */
  readonly input: SymbolicTensor
  /** How many to end in; 0 if the network is to end in something else. */
  readonly classes: number
  /** What to end in: in classes, which is meant where nothing is said, or in what the tag's defaults say. */
  readonly endsIn?: Ending
}

/** A network with auxiliary heads, which exist in training only. */
export interface BuiltNetwork {
  readonly output: SymbolicTensor
  readonly auxiliary: readonly AuxiliaryOutput[]
}

/** What a network is built from unless something else is asked for. */
export interface TagDefaults {
  readonly input: ImageShape
  /** Left out where the network ends in features or a map unless classes are asked for; 0 says so, too. */
  readonly classes?: number
  /** What the network ends in without classes. */
  readonly endsIn?: Exclude<Ending, 'classes'>
}

/** A tensor as another library keeps it, and how it becomes a weight of ours; a weight that is the same in both has a name alone. */
export interface PeerTensor {
  readonly name: string
  /** Of a matrix behind features that were flattened: their shape, such as [256, 6, 6] of [4096, 9216], which is then seen as [4096, 256, 6, 6]. */
  readonly flattened?: Shape
  /** Which of its axes comes first, second and so on in ours, such as [2, 3, 1, 0] for a kernel [out, in, H, W]. */
  readonly axes?: readonly number[]
}

/** How another library that has the same network names its weights and lays them out. */
export interface PeerWeights {
  /** Its network, such as `torchvision.models.alexnet`. */
  readonly peer: string
  /** By the names of our weights, such as `conv2d/kernel`. In the order of the peer's own list. */
  readonly tensors: Readonly<Record<string, PeerTensor>>
}

/** One configuration of an architecture. */
export interface ArchitectureTag {
  readonly defaults: TagDefaults
  /** That of the paper, for the default input; `preprocessingFor` gives it for another. */
  readonly preprocessing: Preprocessing
  /** Where the same weights are found elsewhere. For the default input: others may have other shapes. */
  readonly peerWeights?: PeerWeights
  /**
   * How it is trained, by name, such as `paper`. One called `modern` is taken where no other is asked for, instead of that which most
   * networks have.
   */
  readonly recipes?: Readonly<Record<string, Recipe>>
  /** Describes the network, and gives its output; reads like the paper's table. */
  build(inputs: BuildInputs): SymbolicTensor | BuiltNetwork
}

/** A family of networks as a plugin describes it: data and a description of layers, no tensors and no engine. */
export interface Architecture {
  readonly specification: typeof architectureSpecification
  /** The npm package that provides it. */
  readonly package: { readonly name: string; readonly version: string }
  /** Lower case letters, digits and hyphens. */
  readonly name: string
  readonly title: string
  readonly paper: Paper
  /** The first is the default. */
  readonly tags: Readonly<Record<string, ArchitectureTag>>
  /** Ids that it had before, each with the id that took its place: whoever asks for one gets the other and a warning. */
  readonly deprecated?: Readonly<Record<string, string>>
}

declare global {
  namespace Convzoo {
    /**
     * The ids that installed plugins provide. A plugin adds its own, so that editors complete them; any other string is allowed too.
     *
     * @example
     * declare global {
     *   namespace Convzoo {
     *     interface ArchitectureIds {
     *       'my-net': true
     *       'my-net.small': true
     *     }
     *   }
     * }
     */
    interface ArchitectureIds {}
  }
}

/** `name` or `name.tag`. */
export type ArchitectureId = keyof Convzoo.ArchitectureIds | (string & Record<never, never>)
