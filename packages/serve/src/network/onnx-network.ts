import { ConvzooError, type ImageShape, type Preprocessing } from '@convzoo/core'
import { describeValue, formatShape, invalid, preprocessingKind, printable, sizeOf } from '@convzoo/core/define'
import { parseJson } from '@convzoo/files'
import { orNotInstalled } from '@convzoo/run/plugins'
import { classNames } from './class-names.js'
import type { NetworkChoice, ServedNetwork } from './served-network.js'

/** An ONNX model that says how it sees pictures, as `convzoo export` writes it. */
export async function onnxNetwork(place: string, choice: NetworkChoice): Promise<ServedNetwork> {
  requireNothingSaid(place, choice)
  const { readOnnxMetadata } = await import('@convzoo/onnx')
  const { openOnnxModel } = await import('@convzoo/engine-onnx/model').catch(orNotInstalled('@convzoo/engine-onnx'))
  const metadata = await readOnnxMetadata(place)
  const preprocessing = preprocessingOf(place, metadata.preprocessing)
  const model = await openOnnxModel(place, { spinning: false })
  try {
    const imageShape = imageShapeOf(place, model.imageShape)
    // What is left to do for a model that takes bytes gives them as parts of 255.
    const predict = (images: Float32Array): Promise<Float32Array> =>
      model.run(model.takesBytes ? Uint8Array.from(images, (value) => Math.round(value * 255)) : images)
    // How many classes there are is what it says of nothing.
    const { length: count } = await predict(new Float32Array(sizeOf(imageShape)))
    return {
      id: metadata.network ?? place,
      imageShape,
      preprocessing: model.takesBytes ? unscaled(preprocessing) : preprocessing,
      classes: classNames(namesIn(place, metadata.classes), count),
      predict,
      dispose: () => model.dispose(),
    }
  } catch (error) {
    await model.dispose()
    throw error
  }
}

/** For a model that does the arithmetic itself: what is left, in [0, 1]. */
function unscaled({ mean: _, standardDeviation: __, ...geometry }: Preprocessing): Preprocessing {
  return { ...geometry, mean: [0], standardDeviation: [1] }
}

function requireNothingSaid(place: string, { as, classes, input, engine }: NetworkChoice): void {
  const [said] = Object.entries({ as, classes, input, engine }).filter(([, value]) => value !== undefined)
  if (said === undefined) return
  throw new ConvzooError({
    kind: 'option',
    message: `The ONNX model ${printable(place)} knows its network, classes and input, and is run by ONNX Runtime.`,
    expected: 'no other ones',
    received: said[0],
    hint: 'leave it out, or give a run or a file of weights',
  })
}

function imageShapeOf(place: string, shape: readonly number[]): ImageShape {
  const [height, width, channels, ...more] = shape
  const isPicture = height !== undefined && width !== undefined && more.length === 0
  if (isPicture && (channels === 1 || channels === 3)) return [height, width, channels]
  throw new ConvzooError({
    kind: 'file',
    message: `The ONNX model ${printable(place)} takes no pictures with their channels last.`,
    expected: '[N, H, W, 3] or [N, H, W, 1]',
    received: `[N${shape.length === 0 ? '' : `, ${formatShape(shape).replaceAll(/[()[\]]/g, '')}`}]`,
    hint: 'convzoo export writes such a model',
  })
}

function preprocessingOf(place: string, text: string | undefined): Preprocessing {
  const received = text === undefined ? undefined : jsonIn(place, 'preprocessing', text)
  const preprocessing = preprocessingKind.parse(received, 'preprocessing')
  if (preprocessing === invalid) {
    throw new ConvzooError({
      kind: 'file',
      message: `The ONNX model ${printable(place)} does not say how a picture becomes its input.`,
      expected: 'metadata "preprocessing", as convzoo export writes it',
      received: describeValue(received),
      hint: 'convzoo export runs/flowers -o flowers.onnx',
    })
  }
  if (preprocessing.whitening === undefined) return preprocessing
  throw new ConvzooError({
    kind: 'file',
    message: `The network of the ONNX model ${printable(place)} sees whitened pictures, and the model has no room for that.`,
    expected: 'a model of a network without whitening',
    received: 'whitening',
    hint: 'serve the run that it was exported from',
  })
}

function namesIn(place: string, text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined
  const names = jsonIn(place, 'classes', text)
  if (Array.isArray(names) && names.every((name) => typeof name === 'string')) return names
  throw unreadable(place, 'classes', describeValue(names))
}

function jsonIn(place: string, name: string, text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    throw unreadable(place, name, describeValue(text))
  }
}

function unreadable(place: string, name: string, received: string): ConvzooError {
  return new ConvzooError({
    kind: 'file',
    message: `The metadata "${name}" of the ONNX model ${printable(place)} cannot be read.`,
    expected: 'what convzoo export writes there',
    received,
  })
}
