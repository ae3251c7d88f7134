import { beforeAll, describe, expect, it } from 'vitest'
import { reportOf } from './testing/fixture-report.js'

let told: Awaited<ReturnType<typeof reportOf>>
beforeAll(async () => {
  told = await reportOf('faults')
}, 120_000)

/** The names of the tests that failed, each behind that of what it is about. */
function failuresOf(file: string, subject: string): readonly string[] {
  const failed = told(file).filter(({ status }) => status === 'failed')
  return failed.flatMap(({ fullName }) =>
    fullName.startsWith(`${subject} `) ? [fullName.slice(subject.length + 1)] : [],
  )
}

describe('describeArchitecture', () => {
  it('finds what is unfit', () => {
    expect(failuresOf('architecture', 'architecture unfit')).toEqual([
      'has expected numbers only for tags that it has',
      'is found by its package.json',
      'shares core with its user, and stays in bundles',
      'only is the same network each time it is built',
      'only has the expected numbers',
      'only has a gradient for every trainable weight',
      'only overfits 8 images in 9 steps without dropout',
    ])
  })
})

describe('describeOptimizer', () => {
  it('finds a decay away from 0, a rule that climbs, and options that no list can show', () => {
    expect(failuresOf('optimizer', 'optimizer two words')).toEqual([
      'has a name and a title as flags and lists write them',
      'has options that say what they are for, and that JSON can write',
      'has defaults that it would take if they were written as JSON',
      'decays towards 0, and only the weights that it says it decays',
      'finds the minimum of a quadratic',
    ])
  })
})

describe('describeLoss', () => {
  it.each([
    ['mixed', ['gives each sample its own number, with logits', 'gives each sample its own number, without logits']],
    [
      'counted',
      [
        'has the gradient that differences have, of hard targets, with logits',
        'has the gradient that differences have, of hard targets, without logits',
        'has the gradient that differences have, of soft targets, with logits',
        'has the gradient that differences have, of soft targets, without logits',
      ],
    ],
    [
      'unclipped',
      ['is finite where a network is sure, with logits', 'is finite where a network is sure, without logits'],
    ],
  ])('finds what is unfit in %s', (loss, failures) => {
    expect(failuresOf('loss', `loss ${loss}`)).toEqual(failures)
  })
})

describe('describeLayer', () => {
  const trains = 'trains in a network: steps are finite, and its weights move'

  it.each([
    [
      'misshapen',
      ['gives what its outputShape says, in inference', 'gives what its outputShape says, in training', trains],
    ],
    ['restless', ['declares the same weights each time']],
    [
      'idle',
      [
        'has the gradients that differences have, in inference',
        'has the gradients that differences have, in training',
        trains,
      ],
    ],
    ['mixing', ['treats each sample for itself, in inference', 'treats each sample for itself, in training']],
    [
      'noisy',
      [
        'gives what its outputShape says, in inference',
        'has the gradients that differences have, in inference',
        'treats each sample for itself, in inference',
        trains,
      ],
    ],
  ])('finds what is unfit in %s', (layer, failures) => {
    expect(failuresOf('layer', `layer ${layer}`)).toEqual(failures)
  })
})
