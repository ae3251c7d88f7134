import { describe, expect, it } from 'vitest'
import { inOurLayout, pairedWeights } from './peer-weights.js'

const peer = {
  peer: 'another.library',
  tensors: {
    'conv2d/kernel': { name: 'features.0.weight', axes: [2, 3, 1, 0] },
    'dense/kernel': { name: 'classifier.0.weight', flattened: [3, 1, 2], axes: [2, 3, 1, 0] },
    'dense/bias': { name: 'classifier.0.bias' },
  },
}
const weights = [
  { name: 'conv2d/kernel', shape: [1, 2, 3, 2] },
  { name: 'dense/kernel', shape: [6, 2] },
  { name: 'dense/bias', shape: [2] },
]
const there = [
  { name: 'features.0.weight', shape: [2, 3, 1, 2] },
  { name: 'classifier.0.weight', shape: [2, 6] },
  { name: 'classifier.0.bias', shape: [2] },
]

describe('weights of another library', () => {
  it('are moved into our layout: the flattened features channels last', () => {
    const [kernel, matrix, bias] = pairedWeights('a.pth', weights, peer, there)
    if (kernel === undefined || matrix === undefined || bias === undefined) throw new Error('Three were paired.')
    const data = Float32Array.from({ length: 12 }, (_, index) => index)
    // Element [o, i, h, w] of theirs, at ((o * 3 + i) * 1 + h) * 2 + w, is element [h, w, i, o] of ours.
    const moved = [0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11]
    expect(inOurLayout({ name: 'features.0.weight', shape: [2, 3, 1, 2], data }, kernel)).toEqual({
      name: 'conv2d/kernel',
      shape: [1, 2, 3, 2],
      data: Float32Array.from(moved),
    })
    expect(inOurLayout({ name: 'classifier.0.weight', shape: [2, 6], data }, matrix)).toEqual({
      name: 'dense/kernel',
      shape: [6, 2],
      data: Float32Array.from(moved),
    })
    const two = Float32Array.of(1, 2)
    expect(inOurLayout({ name: 'classifier.0.bias', shape: [2], data: two }, bias).data).toEqual(two)
  })

  it.each([
    ['missing', there.slice(1), 'no features.0.weight'],
    ['unknown', [...there, { name: 'mean', shape: [1] }], 'mean, which the network has not'],
    [
      'of the shape of the transposed',
      [...there.slice(0, 1), { name: 'classifier.0.weight', shape: [6, 2] }, ...there.slice(2)],
      'classifier.0.weight of shape',
    ],
    [
      'of another shape',
      [{ name: 'features.0.weight', shape: [3, 2, 1, 2] }, ...there.slice(1)],
      'features.0.weight of shape',
    ],
    [
      'of another size',
      [...there.slice(0, 2), { name: 'classifier.0.bias', shape: [3] }],
      'classifier.0.bias of shape',
    ],
  ])('are refused where one is %s', (_, given, received) => {
    expect(() => pairedWeights('a.pth', weights, peer, given)).toThrow(
      expect.objectContaining({ kind: 'file', received: expect.stringContaining(received) }),
    )
  })
})
