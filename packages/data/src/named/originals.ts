/** Where a set is published, and what its files must be. */
export interface IdxOriginal {
  readonly base: string
  /** Of the unpacked files. */
  readonly sha256: Readonly<Record<'train' | 'test', { readonly images: string; readonly labels: string }>>
}

/** The names of an IDX set's files, which all of MNIST's relatives share; `.gz` where they are packed. */
export const idxFiles = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
} as const

export const mnistOriginal: IdxOriginal = {
  base: 'https://ossci-datasets.s3.amazonaws.com/mnist/',
  sha256: {
    train: {
      images: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      labels: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
    test: {
      images: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      labels: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
}

export const fashionMnistOriginal: IdxOriginal = {
  base: 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  sha256: {
    train: {
      images: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      labels: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    },
    test: {
      images: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      labels: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    },
  },
}

/** The archives of the binary versions, and the folder that each holds. */
export const cifarOriginals = {
  cifar10: {
    url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
    sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
    folder: 'cifar-10-batches-bin',
  },
  cifar100: {
    url: 'https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz',
    sha256: '58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec',
    folder: 'cifar-100-binary',
  },
} as const
