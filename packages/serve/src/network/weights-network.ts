import { ConvzooError, type ImageShape, type Preprocessing } from '@convzoo/core'
import { formatShape, printable } from '@convzoo/core/define'
import { type Choice, chooseEngine, openWeights, type TrainedNetwork } from '@convzoo/run'
import { classNames } from './class-names.js'
import type { NetworkChoice, ServedNetwork } from './served-network.js'

/** The network of a run or of a file of weights. */
export async function weightsNetwork(place: string, { batchSize, ...said }: NetworkChoice): Promise<ServedNetwork> {
  const network = await openWeights(place, { ...said, engine: await engineBesideDecoders(said.engine) })
  try {
    const imageShape = imageShapeOf(place, network)
    const { classes: count } = network.model
    if (count === undefined) throw withoutClasses(place)
    const trainer = await network.trainer()
    await trainer.prepare({
      predict: Array.from({ length: batchSize }, (_, more) => ({ samples: more + 1, batchSize })),
    })
    return {
      id: network.id,
      imageShape,
      preprocessing: seenAs(network.preprocessing),
      classes: classNames(trainer.classes ?? network.classes, count),
      predict: (images) => trainer.predict(images, { batchSize }),
      async dispose() {
        await trainer.dispose()
        await network.dispose()
      },
    }
  } catch (error) {
    await network.dispose()
    throw error
  }
}

function imageShapeOf(place: string, { model }: TrainedNetwork): ImageShape {
  const [input] = model.inputs
  const [height, width, channels, ...more] = input?.shape ?? []
  if (height !== undefined && width !== undefined && channels !== undefined && more.length === 0) {
    return [height, width, channels]
  }
  throw new ConvzooError({
    kind: 'shape',
    message: `The network of ${printable(place)} takes no pictures.`,
    expected: 'an input [H, W, C]',
    received: formatShape(input?.shape ?? []),
  })
}

/** As predictions of files see a picture: what was not fitted yet is left out. */
function seenAs({ whitening, ...plain }: Preprocessing): Preprocessing {
  return whitening?.fitted === undefined ? plain : { ...plain, whitening }
}

function withoutClasses(place: string): ConvzooError {
  return new ConvzooError({
    kind: 'option',
    message: `The network of ${printable(place)} tells no classes apart.`,
    expected: 'a network that ends in classes',
    received: 'one that ends in features or a map',
  })
}

/** Pictures are decoded while the network computes: threads of ONNX Runtime that wait awake would take the time of those that decode. */
async function engineBesideDecoders(said: Choice = 'auto'): Promise<Choice> {
  if (said !== 'auto') return said
  const { engine, device } = await chooseEngine('auto', 'auto')
  return engine === 'onnx' && device === 'cpu' ? { name: engine, device, spinning: false } : said
}
