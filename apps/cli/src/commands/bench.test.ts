import { describe, expect, it } from 'vitest'
import { convzoo } from '../testing/convzoo.js'

const small = ['bench', 'nin', '--input', '67x67x3', '--batch-size', '2', '--seconds', '0.1', '--engine', 'onnx']

describe('convzoo bench', () => {
  it('says how fast a network trains here, and where the time goes', () => {
    const { status, stdout } = convzoo(...small, '--classes', '10', '--profile')
    expect(status).toBe(0)
    const lines = stdout.split('\n')
    expect(lines.slice(0, 5)).toEqual([
      'nin.notebook, 67x67x3, train, batch size 2',
      expect.stringMatching(/^engine {2}onnx on cpu: onnxruntime-node /),
      expect.stringMatching(
        /^step {4}[\d.]+ ms at best, [\d.]+ ms in the middle, [\d.]+ ms for nine in ten; \d+ steps$/,
      ),
      expect.stringMatching(/^speed {3}[\d.]+ images a second, [\d.e+]+ GFLOP\/s, at best$/),
      expect.stringMatching(/^memory {2}\d+ MB of this process at most$/),
    ])
    expect(lines[6]).toMatch(/^ms +forward +backward +update$/)
    expect(stdout).toMatch(/^conv2d_1 +[\d.]+ +[\d.]+ +[\d.]+$/m)
    expect(stdout).toMatch(/^together +[\d.]+ +[\d.]+ +[\d.]+$/m)
  })

  it('gives the same to programs, alone on stdout', () => {
    const { status, stdout } = convzoo(...small, '--mode', 'infer', '--json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      architecture: 'nin.notebook',
      engine: 'onnx',
      device: 'cpu',
      mode: 'infer',
      batchSize: 2,
      imagesPerSecond: expect.any(Number),
      millisecondsPerStep: { best: expect.any(Number), p50: expect.any(Number), p90: expect.any(Number) },
      gigaflopsPerSecond: expect.any(Number),
      peakMemoryBytes: expect.any(Number),
    })
  })

  it.each([
    ['a network that ends in features, where it is to be trained', [], /--classes|classes/],
    ['a mode that there is not', ['--mode', 'fly'], /--mode[\s\S]*train, infer/],
    ['no images', ['--batch-size', '0'], /--batch-size/],
    ['a time that is none', ['--seconds', 'soon'], /--seconds[\s\S]*from 0 to/],
    [
      'a record of an engine that keeps none',
      ['--engine', 'tfjs', '--device', 'cpu', '--profile', '--classes', '2'],
      /"profile"|--profile/,
    ],
  ])('refuses %s', (_, more, message) => {
    const { status, stderr, stdout } = convzoo(...small, ...more)
    expect(status).not.toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})
