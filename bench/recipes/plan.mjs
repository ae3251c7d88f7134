// What `pnpm bench:recipes` trains, and for how long: a cell takes a minute or two on one core, and all of a row are trained alike.

/** Where a tag takes other inputs than 67×67, which is the least that AlexNet's layers take: the least of its own. */
const sides = { 'nin.cifar10': 32, 'zfnet.notebook': 35 }

/** Those that start as their papers say, from weights so small that a network of small inputs guesses for its first 70 steps or so. */
const slowStarts = [
  'alexnet.paper2012-single',
  'alexnet-twotower.paper2012',
  'alexnet-twotower.caffe',
  'zfnet.paper2013',
]

const few = { images: 1600, epochs: 1 }

/** [images, epochs] of a row; the photographs are 300. */
const photographs = { images: 300, epochs: 8 }

export function planOf(id, data) {
  const side = sides[id] ?? 67
  const input = `${side}x${side}x${data === 'photographs' ? 3 : 1}`
  const plan = data === 'photographs' ? photographs : few
  const times = slowStarts.includes(id) ? 2 : 1
  return {
    id,
    data,
    input,
    images: plan.images,
    epochs: plan.epochs * times,
    tested: data === 'photographs' ? 75 : 500,
  }
}
