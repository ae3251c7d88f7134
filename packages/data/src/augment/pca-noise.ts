import type { Augmentation } from '@convzoo/core'
import type { Draws } from './draws.js'

type PcaNoise = Extract<Augmentation, { readonly type: 'pcaNoise' }>

/**
 * Eigenvalues and eigenvectors (rows) of the covariance of ImageNet's channels, of values in [0, 1], as fb.resnet.torch publishes them.
 */
export const imagenetColours = {
  eigenvalues: [0.2175, 0.0188, 0.0045],
  eigenvectors: [
    [-0.5675, -0.5808, -0.5836],
    [0.7192, -0.0045, -0.6948],
    [0.4009, -0.814, 0.4203],
  ],
} as const

/**
 * What is added to each channel of a picture, of values in [0, 1]: Σ αᵢ λᵢ pᵢ, αᵢ normal with deviation 0.1. Krizhevsky et al. 2012,
 * §4.1. A grey picture gets the mean of what three channels would.
 */
export function pcaOffsets(
  { deviation = 0.1, eigenvalues = imagenetColours.eigenvalues, eigenvectors = imagenetColours.eigenvectors }: PcaNoise,
  draws: Draws,
  channels: number,
): readonly number[] {
  const strengths = eigenvalues.map((eigenvalue) => deviation * eigenvalue * draws.normal())
  const offsets = (eigenvectors[0] ?? []).map((_, channel) =>
    strengths.reduce((sum, strength, index) => sum + strength * (eigenvectors[index]?.[channel] ?? 0), 0),
  )
  return channels === 1 ? [offsets.reduce((sum, offset) => sum + offset, 0) / offsets.length] : offsets
}
