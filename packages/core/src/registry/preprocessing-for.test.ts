import { describe, expect, it } from 'vitest'
import { imagenetPreprocessing, pcaNoisePreprocessing } from '../contracts/index.js'
import { preprocessingFor } from './preprocessing-for.js'

const tag = { defaults: { input: [227, 227, 3], classes: 1000 }, preprocessing: pcaNoisePreprocessing } as const

describe('preprocessingFor', () => {
  it('is what the tag declares at its own input', () => {
    expect(preprocessingFor(tag, [227, 227, 3])).toEqual(pcaNoisePreprocessing)
    expect(preprocessingFor({ ...tag, preprocessing: imagenetPreprocessing }, [67, 67, 3])).toEqual(
      imagenetPreprocessing,
    )
  })

  it.each([
    ['smaller', [67, 67, 3], 76],
    ['larger', [299, 299, 3], 337],
    ['wide', [64, 227, 3], 256],
    ['tiny', [1, 1, 3], 1],
  ] as const)('keeps the proportion of the shorter side to an input that is %s', (_, input, shorterSide) => {
    expect(preprocessingFor(tag, input)).toEqual({ ...pcaNoisePreprocessing, shorterSide })
  })

  it('never asks for pictures below the input', () => {
    const small = { ...tag, preprocessing: { ...imagenetPreprocessing, shorterSide: 200 } }
    expect(preprocessingFor(small, [227, 227, 3]).shorterSide).toBe(227)
    expect(preprocessingFor(small, [100, 100, 3]).shorterSide).toBe(100)
  })

  it('makes of statistics of colour their mean where there is none', () => {
    const { mean, standardDeviation } = preprocessingFor(tag, [227, 227, 1])
    // (0.485 + 0.456 + 0.406) / 3 and (0.229 + 0.224 + 0.225) / 3
    expect(mean).toEqual([expect.closeTo(0.449, 12)])
    expect(standardDeviation).toEqual([expect.closeTo(0.226, 12)])
    const own = { ...tag, preprocessing: { ...imagenetPreprocessing, mean: [0.5], standardDeviation: [0.25] } }
    expect(preprocessingFor(own, [227, 227, 1])).toMatchObject({ mean: [0.5], standardDeviation: [0.25] })
  })
})
