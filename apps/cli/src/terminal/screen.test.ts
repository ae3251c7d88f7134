import { describe, expect, it } from 'vitest'
import { barLine } from './screen.js'

const parts = ['step 20/40', '812.5 img/s', 'loss 1.2345']

describe('barLine', () => {
  it('has a bar of at most 40 columns beside all there is to say', () => {
    const line = barLine(0.5, parts, 200)
    expect(line).toBe(`${'█'.repeat(20)}${'░'.repeat(20)} 50 % | step 20/40 | 812.5 img/s | loss 1.2345`)
  })

  it.each([0, 1, 5, 12, 30, 40, 60, 80])('fits into %i columns, the most important first', (columns) => {
    const line = barLine(0.25, parts, columns)
    expect(line.length).toBeLessThanOrEqual(columns)
    const text = line.replace(/^[█░]* ?/, '')
    expect(['25 %', ...parts].join(' | ').startsWith(text)).toBe(true)
  })

  it('leaves out the bar before the words', () => {
    expect(barLine(0.25, parts, 36)).toBe('25 % | step 20/40 | 812.5 img/s')
  })
})
