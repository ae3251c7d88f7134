import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { importWeights } from './index.js'

/** A state dict that PyTorch wrote, of another network. */
const other = fileURLToPath(new URL('../../safetensors/src/fixtures/plain.pth', import.meta.url))

describe('importWeights', () => {
  it('refuses the weights of another network, and says which tensors are not those', async () => {
    await expect(
      importWeights(other, { as: 'alexnet.torchvision', to: 'nowhere/a.safetensors' }),
    ).rejects.toMatchObject({
      kind: 'file',
      message: expect.stringContaining('plain.pth does not hold the weights of torchvision.models.alexnet'),
      received: expect.stringContaining('features.0.weight of shape (2, 3, 2, 2)'),
    })
  })

  it('refuses a network that says nothing of other libraries', async () => {
    await expect(importWeights(other, { as: 'alexnet.notebook', to: 'nowhere/a.safetensors' })).rejects.toMatchObject({
      kind: 'option',
      message: expect.stringContaining('alexnet.notebook'),
    })
  })
})
