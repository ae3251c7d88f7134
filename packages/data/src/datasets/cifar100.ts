import type { CifarSet } from './cifar-set.js'

/** 32×32 colour pictures of a hundred classes; a coarse label stands before the fine one. */
export const cifar100Set: CifarSet = {
  name: 'cifar100',
  train: ['train.bin'],
  test: ['test.bin'],
  names: 'fine_label_names.txt',
  labelBytes: 2,
  preprocessing: { resize: 'bilinear', mean: [0.5071, 0.4865, 0.4409], standardDeviation: [0.2673, 0.2564, 0.2762] },
  url: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
  sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
  folder: 'cifar-100-binary',
}
