import { describe, expect, it } from 'vitest'
import { recipesOf, withRecipe } from './index.js'

const data = 'mnist'

describe('the recipe modern', () => {
  it.each(['alexnet.paper2012-single', 'alexnet-twotower.paper2012', 'alexnet-twotower.caffe', 'zfnet.paper2013'])(
    'starts %s slowly, whose weights start as small as in the paper',
    async (network) => {
      const config = await withRecipe('modern', { network, data })
      expect(config).toMatchObject({
        optimizer: { name: 'adamW', learningRate: 1e-4 },
        schedule: { name: 'cosine', warmUp: 20 },
      })
      const faster = await withRecipe('modern', { network, data, optimizer: { name: 'adamW', learningRate: 3e-4 } })
      expect(faster).toMatchObject({ optimizer: { learningRate: 3e-4 }, schedule: { warmUp: 20 } })
    },
  )

  it('is that of all networks for one that starts as Keras does', async () => {
    expect((await recipesOf('alexnet')).modern).toEqual((await recipesOf('zfnet')).modern)
    expect(await withRecipe('modern', { network: 'alexnet', data })).toMatchObject({
      optimizer: { name: 'adamW', learningRate: 3e-4 },
      schedule: 'cosine',
    })
  })
})
