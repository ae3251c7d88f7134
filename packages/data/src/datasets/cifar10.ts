import type { CifarSet } from './cifar-set.js'

/** 32×32 colour pictures of ten classes. */
export const cifar10Set: CifarSet = {
  name: 'cifar10',
  train: ['data_batch_1.bin', 'data_batch_2.bin', 'data_batch_3.bin', 'data_batch_4.bin', 'data_batch_5.bin'],
  test: ['test_batch.bin'],
  names: 'batches.meta.txt',
  labelBytes: 1,
  preprocessing: { resize: 'bilinear', mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.247, 0.2435, 0.2616] },
  url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
  sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
  folder: 'cifar-10-batches-bin',
}
