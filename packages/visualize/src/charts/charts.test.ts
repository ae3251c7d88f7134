import { ConvzooError } from '@convzoo/core'
import { describe, expect, it } from 'vitest'
import { pngOf } from '../raster/png.js'
import { confusionSvg, curvesSvg, learningRatesSvg } from './index.js'

/** The texts of a picture, in its order. */
const textsOf = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]+)<\/text>/g)].map(([, text = '']) => text)

describe('curvesSvg', () => {
  const epoch = (index: number, loss: number) => ({
    type: 'epoch',
    epoch: index,
    training: { samples: 10, loss, top1: 1 / (1 + loss), top5: 1 },
    validation: { samples: 10, loss: loss + 0.1, top1: 0.5, top5: 1 },
  })

  it('shows loss and accuracy of what there is, and names it', async () => {
    const svg = await curvesSvg([epoch(0, 2), epoch(1, 1), { type: 'test', loss: 1.2, top1: 0.5 }])
    expect(svg).toMatch(/^<svg /)
    const texts = textsOf(svg)
    expect(texts).toEqual(expect.arrayContaining(['loss', 'accuracy', 'epochs', 'training', 'validation', 'test']))
    expect(texts).toEqual(expect.arrayContaining(['0%', '100%']))
    // Two charts, each with two epochs of two series and a test.
    expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(10)
    expect(textsOf(await curvesSvg([{ type: 'test', loss: 1, top1: 0.5 }]))).not.toContain('training')
  })

  it('draws a lower loss lower', async () => {
    const svg = await curvesSvg([epoch(0, 2), epoch(1, 1)])
    const [first, second] = [
      ...svg.matchAll(
        /aria-label="epochs: (\d); loss: (\d)[^"]*training"[^>]*transform="translate\([\d.]+,([\d.]+)\)"/g,
      ),
    ]
    expect([first?.[2], second?.[2]]).toEqual(['2', '1'])
    expect(Number(second?.[3])).toBeGreaterThan(Number(first?.[3]))
  })

  it('is a picture even where nothing was recorded', async () => {
    expect(textsOf(await curvesSvg([]))).toContain('loss')
  })
})

describe('confusionSvg', () => {
  it('has a cell with its count for each that is not zero, on named axes', async () => {
    const svg = await confusionSvg(
      [
        [7, 2, 0],
        [0, 8, 1],
        [0, 0, 9],
      ],
      ['cat & dog', "bird's", 'fish "x"'],
    )
    expect(svg.match(/aria-roledescription="rect mark"/g)).toHaveLength(5)
    const texts = textsOf(svg)
    expect(texts).toEqual(expect.arrayContaining(['7', '2', '8', '1', '9', 'true class', 'predicted class']))
    for (const name of ['cat &amp; dog', "bird's", 'fish "x"']) {
      expect(
        texts.filter((text) => text.replaceAll('&quot;', '"').replaceAll('&#39;', "'") === name),
        name,
      ).toHaveLength(2)
    }
  })

  const texts = (svg: string): string[] =>
    textsOf(svg).map((text) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'))

  it.each([
    ['that every object has', ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf', 'prototype']],
    ['of the language of expressions', ['datum', 'event', 'item', 'classLabels', 'Infinity', 'undefined']],
    ['of mark-up', ['<text>', '</svg>', '&amp;', ']]>', '<!--', '<script>']],
    ['of quotes', [`"`, "'", '`', '\\', '"]]+1+[["']],
  ])('draws classes with names %s', async (_, classes) => {
    const rows = classes.map((_, row) => classes.map((_, column) => (row === column ? 700 + row : 0)))
    const svg = await confusionSvg(rows, classes)
    const drawn = texts(svg)
    for (const name of classes) expect(drawn.filter((text) => text === name)).toHaveLength(2)
    for (const row of rows.keys()) expect(drawn).toContain(`${700 + row}`)
    expect((await pngOf(svg)).length).toBeGreaterThan(1000)
  })

  it('writes what cannot be drawn as escapes, and cuts what is long, but confounds no classes by that', async () => {
    const long = 'x'.repeat(10_000)
    const classes = ['a\u001b[2J', 'b\n100 %', '\ufffe', '\uffff', '\ud800', '', `${long}1`, `${long}2`]
    const svg = await confusionSvg(
      classes.map((_, row) => classes.map((_, column) => (row === column ? 700 + row : 0))),
      classes,
    )
    const drawn = texts(svg)
    const expected = ['a\\x1b[2J', 'b\\n100 %', '2: \ufffd', '3: \ufffd', '\\ud800']
    for (const name of expected) expect(drawn.filter((text) => text === name)).toHaveLength(2)
    // The axis itself cuts by the width of the letters.
    for (const number of ['6: x', '7: x']) expect(drawn.filter((text) => text.startsWith(number))).toHaveLength(2)
    expect(svg.length).toBeLessThan(30_000)
    for (const row of classes.keys()) expect(drawn).toContain(`${700 + row}`)
    expect((await pngOf(svg)).length).toBeGreaterThan(1000)
  })

  it('leaves counts and names out where there would be too many to read', async () => {
    const matrix = (classes: number) =>
      confusionSvg(
        Array.from({ length: classes }, (_, i) => Array.from({ length: classes }, (_, j) => (i === j ? 777 : 0))),
        Array.from({ length: classes }, (_, index) => `name ${index}`),
      )
    expect(textsOf(await matrix(20))).toContain('777')
    const many = textsOf(await matrix(21))
    expect(many).not.toContain('777')
    expect(many).toContain('name 20')
    expect(textsOf(await matrix(61))).not.toContain('name 20')
  })

  it.each([
    { rows: [[1, 2]], classes: ['a', 'b'], received: 'rows of 2' },
    { rows: [[1], [2]], classes: ['a', 'b'], received: 'rows of 1, 1' },
    { rows: [], classes: [], received: 'rows of nothing' },
  ])('refuses $received for $classes.length classes', async ({ rows, classes, received }) => {
    await expect(confusionSvg(rows, classes)).rejects.toSatisfy(
      (error) => ConvzooError.isInstance(error) && error.kind === 'option' && error.received === received,
    )
  })
})

describe('learningRatesSvg', () => {
  const points = [1e-4, 1e-3, 1e-2, 1e-1].map((learningRate, index) => {
    const loss = [2, 1, 0.5, 8][index] ?? 0
    return { learningRate, loss, smoothed: loss }
  })

  it('shows the losses over the rates, and the rate that is suggested where there is one', async () => {
    const texts = textsOf(await learningRatesSvg(points, 0.00123))
    expect(texts).toEqual(expect.arrayContaining(['learning rate', 'loss', '0.0012', '0.001', '0.1']))
    expect(textsOf(await learningRatesSvg(points))).not.toContain('0.0012')
    expect(textsOf(await learningRatesSvg([]))).toContain('learning rate')
  })

  it('refuses points that are none', async () => {
    const wrong = [{ learningRate: 0, loss: 1, smoothed: 1 }]
    await expect(learningRatesSvg(wrong)).rejects.toMatchObject({ name: 'ConvzooError', kind: 'option' })
  })
})
