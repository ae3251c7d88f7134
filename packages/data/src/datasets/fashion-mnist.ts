import type { IdxSet } from './idx-set.js'

/** Clothes on 28×28 grey pixels. Xiao et al., "Fashion-MNIST", 2017. */
export const fashionMnistSet: IdxSet = {
  name: 'fashion-mnist',
  classes: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  preprocessing: { resize: 'bilinear', mean: [0.286], standardDeviation: [0.353] },
  // Where Debian's package `dataset-fashion-mnist` puts it.
  folders: () => ['/usr/share/datasets/fashion-mnist'],
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
