import { permutation, seedWords } from '@convzoo/core/engine'

/** The order in which an epoch of training goes through `samples` samples: a function of seed and epoch. */
export function shuffledOrder(seed: number, epoch: number, samples: number): Uint32Array {
  return permutation(seedWords(seed), 'shuffle', epoch, samples)
}

/** 0, 1, 2, …: the order in which a dataset is evaluated. */
export function naturalOrder(samples: number): Uint32Array {
  return Uint32Array.from({ length: samples }, (_, index) => index)
}
