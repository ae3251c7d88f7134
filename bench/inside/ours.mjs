// One method of @convzoo/visualize/inside on the images of a folder, over and over: for each line it is sent, once. See compare.mjs.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'

const cli = fileURLToPath(new URL('../../apps/cli/dist/cli.js', import.meta.url))
const installed = (name) => import(pathToFileURL(createRequire(cli).resolve(name)).href)
const inside = await import(new URL('../../packages/visualize/dist/inside.js', import.meta.url).href)
const { bringPlugins, openWeights } = await installed('@convzoo/run')
bringPlugins(pathToFileURL(cli).href)

const [folder, method, settings] = process.argv.slice(2)
const { batchSize, threads, samples, steps, square, stride } = JSON.parse(settings)
const bytes = readFileSync(join(folder, 'images.f32'))
const images = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4)
const engine = { name: 'onnx', device: 'cpu', threads }
const network = await openWeights(join(folder, 'alexnet.safetensors'), { engine, onWarning: () => undefined })
const count = images.length / network.model.inputs[0].shape.reduce((product, side) => product * side, 1)
// All methods of the peer are told their classes.
const classes = Array.from({ length: count }, (_, index) => (index * 37) % 1000)
const given = { images, batchSize }

const methods = {
  activations: () => inside.activations(network, { ...given, layer: 'conv2d_4' }),
  gradient: () => inside.inputGradients(network, { ...given, classes }),
  guided: () => inside.guidedGradients(network, { ...given, classes }),
  deconvnet: () => inside.deconvnet(network, { ...given, layer: 'conv2d_4' }),
  'grad-cam': () => inside.gradCam(network, { ...given, classes, layer: 'conv2d_4' }),
  'smooth-grad': () => inside.smoothGrad(network, { ...given, classes, samples }),
  'integrated-gradients': () => inside.integratedGradients(network, { ...given, classes, steps }),
  occlusion: () => inside.occlusion(network, { ...given, classes, square, stride, layer: 'conv2d_4' }),
}

console.log(JSON.stringify(`convzoo on ${engine.name}, ${threads} threads`))
for await (const _ of createInterface({ input: process.stdin })) {
  const began = performance.now()
  await methods[method]()
  console.log(JSON.stringify([(performance.now() - began) / 1000]))
}
await network.dispose()
