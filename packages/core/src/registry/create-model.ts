import type { Architecture, ArchitectureId, ImageShape } from '../contracts/index.js'
import { ConvzooError, describeValue, unusableOption } from '../errors/index.js'
import { input as inputLayer } from '../layers/input.js'
import { functionalModel, isSymbolicTensor, type Model, type NameScope, type SymbolicTensor } from '../model/index.js'
import { scopeOption } from '../model/scope.js'
import { defineOptions, invalid, matching, optional, requireArguments, text } from '../options/index.js'
import { requireBuilt, requireTag } from './built.js'
import { architectureKind } from './kinds.js'
import { createRegistry, type ResolvedArchitecture, sharedRegistry } from './registry.js'
import { smallestInput } from './smallest-input.js'

export interface CreateModelOptions {
  /** (H, W, C), or an input that several networks share; the tag's default otherwise. */
  readonly input?: ImageShape | SymbolicTensor
  /** The tag's default otherwise; 0 only where that ends in features or a map. */
  readonly classes?: number
  /** Which tag, where the architecture was given as a value. */
  readonly tag?: string
  /** The model's name instead of the counted one. */
  readonly name?: string
  /** Where names are counted; a fresh scope by default, or that of a shared input. */
  readonly scope?: NameScope
}

const parts = defineOptions({
  input: optional(
    matching(
      '[height, width, channels], or a symbolic tensor',
      (value): value is ImageShape | SymbolicTensor => Array.isArray(value) || isSymbolicTensor(value),
    ),
  ),
  // How many there may be depends on the tag.
  classes: optional(matching('a whole number', (value) => typeof value === 'number')),
  tag: optional(text),
  name: optional(text),
  scope: optional(scopeOption),
})

/**
 * A network by id (`alexnet`, `alexnet.notebook`) or from an imported architecture.
 *
 * @throws ConvzooError of kind `registry` for an unknown id, of kind `option` for bad options, of kind `shape` if the input is too
 * small: it names the layer that does not fit, and the smallest input of these proportions that works; or if the architecture builds
 * no network from its input to its classes.
 * @example
 * import '@convzoo/alexnet'
 * const model = createModel('alexnet', { input: [67, 67, 1], classes: 10 })
 */
export function createModel(architecture: ArchitectureId | Architecture, options: CreateModelOptions = {}): Model {
  const given = parts.parse('createModel', options)
  const { architecture: found, tag, tagName } = resolve(architecture, given.tag)
  const id = `${found.name}.${tagName}`
  requireTag(id, tag)
  const { classes = tag.defaults.classes ?? 0, input = tag.defaults.input, scope, name } = given
  if (isSymbolicTensor(input) && scope !== undefined && scope !== input.scope) {
    throw new ConvzooError({
      kind: 'option',
      message: 'A network on a shared input is named in the scope of that input.',
      expected: 'no option "scope", or the scope of the input',
      received: 'another scope',
    })
  }
  const fewest = Math.min(tag.defaults.classes ?? 0, 1)
  if (!Number.isInteger(classes) || classes < fewest) {
    throw unusableOption('"classes" of createModel', {
      expected: `a whole number of at least ${fewest}`,
      received: describeValue(classes),
    })
  }
  const images = isSymbolicTensor(input) ? input : inputLayer({ shape: input, scope })
  const endsIn = classes > 0 ? 'classes' : tag.defaults.endsIn
  const built = buildOrExplain(id, images, (tensor) =>
    tag.build({ input: tensor, classes, endsIn: endsIn ?? 'features' }),
  )
  return requireBuilt(id, built, (network) => functionalModel({ inputs: images, ...network, classes, endsIn, name }))
}

/** Builds a network; where it does not fit its input, says how large that must be. */
function buildOrExplain<Output>(id: string, images: SymbolicTensor, build: (images: SymbolicTensor) => Output): Output {
  try {
    return build(images)
  } catch (error) {
    const [height, width, channels] = images.shape
    const isImage = height !== undefined && width !== undefined && channels !== undefined
    if (!ConvzooError.isInstance(error) || error.kind !== 'shape' || !isImage) throw error
    const smallest = smallestInput((shape) => build(inputLayer({ shape })), [height, width, channels])
    if (smallest === undefined) throw error
    throw new ConvzooError({
      kind: 'shape',
      message: `The input is too small for ${id}. ${error.message.split('\n', 1)[0]}`,
      expected: `an image of at least ${smallest[0]}×${smallest[1]}`,
      received: `${height}×${width}`,
      hint: `choose an input of (${smallest.join(', ')}) or more`,
      cause: error,
    })
  }
}

const architectureOrId = matching(
  "an id, such as 'alexnet', or an architecture, as its package exports it",
  (given): given is string | Architecture =>
    (typeof given === 'string' && given !== '') || architectureKind.parse(given, '') !== invalid,
)

function resolve(architecture: ArchitectureId | Architecture, tag: string | undefined): ResolvedArchitecture {
  requireArguments('createModel', { architecture: [architectureOrId, architecture] })
  if (typeof architecture === 'string') {
    if (tag === undefined) return sharedRegistry().resolve(architecture)
    throw new ConvzooError({
      kind: 'option',
      message: 'The option "tag" goes with an imported architecture; an id holds its tag itself.',
      expected: `the id "${architecture.split('.')[0]}.${tag}"`,
      received: `the id "${architecture}" and the tag "${tag}"`,
    })
  }
  const own = createRegistry()
  own.register(architecture)
  return own.resolve(tag === undefined ? architecture.name : `${architecture.name}.${tag}`)
}
