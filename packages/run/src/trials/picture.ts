import { orNotInstalled } from '../plugins/not-installed.js'
import type { FoundLearningRate } from './find-learning-rate.js'

/** What a range test has found, as SVG. */
export async function pictureOf({ points, suggestion }: FoundLearningRate): Promise<string> {
  const { learningRatesSvg } = await import('@convzoo/visualize').catch(orNotInstalled('@convzoo/visualize'))
  return learningRatesSvg(points, suggestion)
}
