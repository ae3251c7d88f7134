import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { convzoo } from '../testing/convzoo.js'

/** A state dict that PyTorch wrote, of another network. */
const other = fileURLToPath(new URL('../../../../packages/safetensors/src/fixtures/plain.pth', import.meta.url))
/** A module that PyTorch wrote whole: its pickle asks for code. */
const whole = fileURLToPath(new URL('../../../../packages/safetensors/src/fixtures/module.pth', import.meta.url))

it.each([
  ['another network', other, 'features.0.weight of shape (2, 3, 2, 2)'],
  ['a module whose pickle asks for code', whole, 'torch.nn.modules.linear.Linear'],
])('import refuses weights of %s, and says what there is', (_, file, received) => {
  const { status, stderr, stdout } = convzoo('import', file, '--as', 'alexnet.torchvision', '-o', 'nowhere.safetensors')
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain(received)
})
