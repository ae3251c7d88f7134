import { afterEach, describe, expect, it, vi } from 'vitest'
import { input } from '../layers/index.js'
import { ConvzooError, describeValue, internalError, unusableOption } from './index.js'

describe('ConvzooError', () => {
  it('says what happened, what was expected, what was received and what to do about it', () => {
    const cause = new Error('below')
    const error = new ConvzooError({
      kind: 'shape',
      message: 'The layer dense takes rows.',
      expected: '(features,)',
      received: '(2, 2, 1)',
      hint: 'put flatten() before it',
      cause,
    })
    expect(error.message).toBe(
      [
        'The layer dense takes rows.',
        '  expected: (features,)',
        '  received: (2, 2, 1)',
        '  hint: put flatten() before it',
      ].join('\n'),
    )
    expect(error).toMatchObject({
      name: 'ConvzooError',
      kind: 'shape',
      expected: '(features,)',
      received: '(2, 2, 1)',
      hint: 'put flatten() before it',
      cause,
    })
    expect(error).toBeInstanceOf(Error)
  })

  it('leaves out what is not known', () => {
    const error = new ConvzooError({ kind: 'engine', message: 'It stopped.' })
    expect(error.message).toBe('It stopped.')
    expect('cause' in error).toBe(false)
  })

  it('names an option that cannot be used as its user knows it', () => {
    expect(unusableOption('--epochs', { expected: 'a whole number', received: 'many' })).toMatchObject({
      kind: 'option',
      message: expect.stringMatching(/^The option --epochs has a value that cannot be used.\n.*whole number\n.*many$/),
    })
  })

  it('asks to report a defect of convzoo', () => {
    expect(internalError('Odd.')).toMatchObject({ kind: 'internal' })
    expect(internalError('Odd.').message).toMatch(/report/)
  })
})

describe('isInstance', () => {
  afterEach(() => {
    vi.resetModules()
  })

  it('knows an error of another copy of core', async () => {
    vi.resetModules()
    const other = await import('./error.js')
    expect(other.ConvzooError).not.toBe(ConvzooError)
    const foreign = new other.ConvzooError({ kind: 'file', message: 'Damaged.' })
    expect(foreign instanceof ConvzooError).toBe(false)
    expect(ConvzooError.isInstance(foreign)).toBe(true)
  })

  it('knows nothing else', () => {
    expect(ConvzooError.isInstance(new Error('ConvzooError'))).toBe(false)
    expect(ConvzooError.isInstance({ kind: 'file', message: 'Damaged.' })).toBe(false)
    expect(ConvzooError.isInstance(undefined)).toBe(false)
  })
})

describe('describeValue', () => {
  it.each([
    { value: 'a"b', text: '"a\\"b"' },
    { value: 1.5, text: '1.5' },
    { value: Number.NaN, text: 'NaN' },
    { value: Number.POSITIVE_INFINITY, text: 'Infinity' },
    { value: null, text: 'null' },
    { value: undefined, text: 'undefined' },
    { value: [1, 'a'], text: '[1,"a"]' },
    { value: 10n, text: '10' },
    { value: Symbol('s'), text: 'Symbol(s)' },
    { value: () => 1, text: 'a function' },
  ])('shows $text', ({ value, text }) => {
    expect(describeValue(value)).toBe(text)
  })

  it('cuts what is long', () => {
    const text = describeValue(Array.from({ length: 100 }, () => 7))
    expect(text).toHaveLength(120)
    expect(text.endsWith('...')).toBe(true)
  })

  it('has a word for what leads back to itself, as symbolic tensors do', () => {
    expect(describeValue(input({ shape: [2] }))).toBe('an object')
  })
})
