import type { ArchitectureTag, BuiltNetwork, ImageShape } from '../contracts/index.js'
import { ConvzooError, describeValue, unusableOption } from '../errors/index.js'
import { isSymbolicTensor, type Model } from '../model/index.js'
import { defineOptions, integer, matching, oneOf, optional } from '../options/index.js'
import { isShape } from '../shape.js'

const tagParts = defineOptions({
  input: matching('[height, width, channels]', (value): value is ImageShape => isShape(value) && value.length > 0),
  classes: optional(integer(0)),
  endsIn: optional(oneOf('features', 'map')),
})

/**
 * Refuses a tag from which no network can be built, before it is.
 *
 * @throws ConvzooError of kind `option` that names the network and the tag.
 */
export function requireTag(id: string, { defaults, build }: ArchitectureTag): void {
  const { classes = 0, endsIn } = tagParts.parse(`the defaults of ${id}`, defaults)
  if (endsIn !== undefined && classes > 0) {
    throw unusableOption(`"endsIn" of the defaults of ${id}`, {
      expected: 'classes, or what the network ends in without any',
      received: `classes: ${classes} and endsIn: '${endsIn}'`,
    })
  }
  if (typeof build === 'function') return
  throw new ConvzooError({
    kind: 'option',
    message: `The architecture ${id} cannot be built.`,
    expected: 'build: ({ input, classes }) => …',
    received: describeValue(build),
  })
}

/**
 * The model that an architecture's build gives; what is wrong with it names the network and its tag.
 *
 * @throws ConvzooError of kind `shape` if it gives no output, or one that does not come from its input or has not one value a class.
 */
export function requireBuilt(
  id: string,
  built: unknown,
  model: (network: Partial<BuiltNetwork> & Pick<BuiltNetwork, 'output'>) => Model,
): Model {
  const network = isSymbolicTensor(built) ? { output: built } : built
  if (!isNetwork(network)) {
    throw new ConvzooError({
      kind: 'shape',
      message: `The build of ${id} does not give a network.`,
      expected: 'its output, or { output, auxiliary }',
      received: received(built),
      hint: "return what the last layer gives: let build end in `return dense({ units: classes, activation: 'softmax' })(x)`",
    })
  }
  try {
    return model(network)
  } catch (error) {
    if (!ConvzooError.isInstance(error)) throw error
    const { message, ...fields } = error.toFields()
    throw new ConvzooError({
      ...fields,
      message: `The build of ${id} does not give a network. ${message}`,
      cause: error,
    })
  }
}

const isNetwork = (value: unknown): value is BuiltNetwork =>
  typeof value === 'object' && value !== null && 'output' in value && isSymbolicTensor(value.output)

function received(built: unknown): string {
  if (built === undefined) return 'nothing'
  if (typeof built === 'function') return 'a function: a layer that is not applied'
  if (typeof built === 'object' && built !== null && 'then' in built) return 'a promise'
  return describeValue(built)
}
