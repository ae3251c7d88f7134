import { describe, expect, it } from 'vitest'
import { recipesOf, withRecipe } from './index.js'

const data = 'mnist'

describe('the recipe modern', () => {
  it.each([
    ['alexnet.paper2012-single', 1e-4],
    ['alexnet-twotower.paper2012', 1e-4],
    ['alexnet-twotower.caffe', 1e-4],
    ['zfnet.paper2013', 1e-4],
    ['nin.imagenet', 1e-4],
    ['nin.cifar10', 3e-4],
  ])('is of its own for %s, whose weights start as small as its authors have them', async (network, learningRate) => {
    const config = await withRecipe('modern', { network, data })
    expect(config).toMatchObject({
      optimizer: { name: 'adamW', learningRate },
      schedule: { name: 'cosine', warmUp: 20 },
    })
    const faster = await withRecipe('modern', { network, data, optimizer: { name: 'adamW', learningRate: 0.01 } })
    expect(faster).toMatchObject({ optimizer: { learningRate: 0.01 }, schedule: { warmUp: 20 } })
  })

  it('is that of all networks for one that starts as Keras does', async () => {
    expect((await recipesOf('alexnet')).modern).toEqual((await recipesOf('zfnet')).modern)
    expect(await withRecipe('modern', { network: 'alexnet', data })).toMatchObject({
      optimizer: { name: 'adamW', learningRate: 3e-4 },
      schedule: 'cosine',
    })
  })
})
