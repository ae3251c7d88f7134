// How fast this project makes batches of a folder of photographs: decode, shorter side to 256, random crop of 227, flip, normalise.
// Prints a line of JSON: images, seconds, CPU seconds, peak memory in MB; with --consume also how long a consumer at 80 % waited.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { imageDataset, imageFolder } from '../../packages/data/dist/index.js'

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    images: { type: 'string', default: '600' },
    workers: { type: 'string', default: '1' },
    'no-shrink': { type: 'boolean', default: false },
    cache: { type: 'string', default: 'none' },
    'resize-anew': { type: 'boolean', default: false },
    consume: { type: 'boolean', default: false },
  },
})
const batchSize = 32
const workers = Number(values.workers)
const { train } = await imageFolder(values.folder, { validationSplit: 0 })
const dataset = imageDataset(train, {
  imageShape: [227, 227, 3],
  preprocessing: {
    resize: 'bilinear',
    shorterSide: 256,
    mean: [0.485, 0.456, 0.406],
    standardDeviation: [0.229, 0.224, 0.225],
    augmentation: [{ type: values['resize-anew'] ? 'randomResizedCrop' : 'randomCrop' }, { type: 'horizontalFlip' }],
  },
  workers,
  limit: Number(values.images),
  shrinkOnLoad: !values['no-shrink'],
  cache: values.cache,
})

/**
 * Goes through epochs with one batch more ahead than there are workers, also from one epoch to the next, as the trainer does; `use` is
 * what a step would take.
 */
async function epochs(numbers, use = () => undefined) {
  const batches = numbers.flatMap((number) =>
    Array.from({ length: Math.ceil(dataset.length / batchSize) }, (_, index) => ({ number, start: index * batchSize })),
  )
  const ahead = []
  const begin = () => {
    const next = batches.shift()
    if (next === undefined) return
    const { number, start } = next
    const indices = Array.from({ length: Math.min(batchSize, dataset.length - start) }, (_, index) => start + index)
    ahead.push(dataset.batch(indices, { training: true, seed: 1, epoch: number }))
  }
  for (let count = 0; count <= workers; count++) begin()
  let waited = 0
  const cpu = process.cpuUsage()
  const began = performance.now()
  while (ahead.length > 0) {
    const asked = performance.now()
    const batch = await ahead.shift()
    waited += performance.now() - asked
    begin()
    await use(batch)
    dataset.recycle(batch)
  }
  const { user, system } = process.cpuUsage(cpu)
  return { seconds: (performance.now() - began) / 1000, cpu: (user + system) / 1e6, waited: waited / 1000 }
}

await epochs([0])
const { seconds, cpu } = await epochs([1])
const result = { images: dataset.length, seconds, cpu, megabytes: process.resourceUsage().maxRSS / 1000 }
if (values.consume) {
  const stepMilliseconds = (1000 * batchSize * seconds) / dataset.length / 0.8
  const consumed = await epochs([2, 3, 4, 5, 6], () => sleep(stepMilliseconds))
  result.waitedPart = consumed.waited / consumed.seconds
}
console.log(JSON.stringify(result))
await dataset.dispose()
