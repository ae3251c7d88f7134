import type { Model, ModelLayer, NamedTensor } from '@convzoo/core'
import { pictures, type Value } from './values.js'

/** Pixels that a filter has across, at least. */
const leastSide = 44

/** Values from 0 to 1 are colours already. */
const preprocessing = { resize: 'bilinear', mean: [0], standardDeviation: [1] } as const

/** Names of the kernels that see the picture itself, in grey or in colour: [H, W, 1 | 3, filters]. */
export function firstKernels({ layers }: Model): readonly string[] {
  // Layers behind which a picture is still one: without weights, and behind such layers alone.
  const early = new Set<string>()
  const seesPicture = ({ applications }: ModelLayer): boolean =>
    applications.every(({ inputs }) => inputs.every(({ application }) => early.has(application.owner.name)))
  for (const layer of layers) if (layer.parameters === 0 && seesPicture(layer)) early.add(layer.name)
  return layers
    .filter((layer) => layer.layer.type === 'conv2d' && seesPicture(layer))
    .flatMap(({ name, inputShapes: [shape = []] }) => {
      const channels = shape.at(-1)
      return channels === 1 || channels === 3 ? [`${name}/kernel`] : []
    })
}

/**
 * Filters side by side: grey is no weight, and each filter's largest weight is as bright or dark as can be.
 *
 * @param kernel [H, W, 1 | 3, filters].
 */
export async function filters({ name, shape, data }: NamedTensor): Promise<Value> {
  const [height = 1, width = 1, channels = 1, count = 1] = shape
  const scale = Math.ceil(leastSide / Math.max(height, width))
  const size = [height * scale, width * scale] as const
  const images = new Float32Array(count * size[0] * size[1] * channels)
  let to = 0
  for (let filter = 0; filter < count; filter++) {
    let largest = 0
    for (let at = filter; at < data.length; at += count) largest = Math.max(largest, Math.abs(data[at] ?? 0))
    const half = largest === 0 ? 0 : 0.5 / largest
    for (let row = 0; row < size[0]; row++) {
      for (let column = 0; column < size[1]; column++) {
        const from = (Math.floor(row / scale) * width + Math.floor(column / scale)) * channels
        for (let channel = 0; channel < channels; channel++) {
          images[to++] = 0.5 + half * (data[(from + channel) * count + filter] ?? 0)
        }
      }
    }
  }
  const { contactSheet } = await import('@convzoo/data/inspect')
  const columns = Math.ceil(Math.sqrt(count))
  const png = await contactSheet(images, { shape: [...size, channels], preprocessing, columns })
  return pictures(`filters/${name}`, [png])
}
