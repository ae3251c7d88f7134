// What `pnpm bench:recipes` trains, and for how long: a cell takes a minute or two on one core, and all of a row are trained alike.

/** Where a tag takes other inputs than 67×67, which is the least that AlexNet's layers take. */
const sides = { 'nin.cifar10': 16, 'zfnet.notebook': 35 }

/** A network of small pictures is quick, and slow to begin: it sees them more often. */
const more = { 'nin.cifar10': 2 }

const digits = { images: 1600, epochs: 2, tested: 500 }
const photographs = { images: 300, epochs: 10, tested: 75 }

/** How a row is trained: its input, the images of an epoch, the epochs, and the images that it is tested with. */
export function planOf(id, data) {
  const side = sides[id] ?? 67
  const { images, epochs, tested } = data === 'photographs' ? photographs : digits
  const input = `${side}x${side}x${data === 'photographs' ? 3 : 1}`
  return { input, images, epochs: epochs * (more[id] ?? 1), tested }
}
