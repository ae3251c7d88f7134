import { permutation, seedWords } from '@convzoo/core/engine'

/** The order in which an epoch of training goes through `samples` samples: a function of seed and epoch. */
export function shuffledOrder(seed: number, epoch: number, samples: number): Uint32Array {
  return permutation(seedWords(seed), 'shuffle', epoch, samples)
}

/**
 * An epoch in which each class comes as often as any other, give or take one sample: as many samples as there are, some of small classes
 * several times, some of large ones in another epoch. A sample comes again when all of its class have come. A function of seed, epoch and
 * the classes of the samples.
 */
export function balancedOrder(seed: number, epoch: number, labels: ArrayLike<number>): Uint32Array {
  const words = seedWords(seed)
  const samples = labels.length
  const members = new Map<number, number[]>()
  for (let index = 0; index < samples; index++) {
    const label = labels[index] ?? 0
    const known = members.get(label)
    if (known === undefined) members.set(label, [index])
    else known.push(index)
  }
  const classes = [...members].sort(([a], [b]) => a - b)
  const chosen: number[] = []
  // Which classes have one more than the others where they do not divide, changes from epoch to epoch.
  for (const [rank, place] of permutation(words, 'balance', epoch, classes.length).entries()) {
    const [label = 0, own = []] = classes[place] ?? []
    const due = Math.floor(samples / classes.length) + (rank < samples % classes.length ? 1 : 0)
    for (let round = 0; round * own.length < due; round++) {
      const order = permutation(words, `balance/${label}/${round}`, epoch, own.length)
      for (const each of order.subarray(0, due - round * own.length)) chosen.push(own[each] ?? 0)
    }
  }
  return shuffledOrder(seed, epoch, samples).map((place) => chosen[place] ?? 0)
}

/** 0, 1, 2, …: the order in which a dataset is evaluated. */
export function naturalOrder(samples: number): Uint32Array {
  return Uint32Array.from({ length: samples }, (_, index) => index)
}
