import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { metricsOf, Running, smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

/** Long enough to be stopped on the way: two epochs of ten steps. */
const longerRun = (run: string, ...more: string[]) => smallRun(run, '--limit', '40', '--epochs', '2', ...more)

const { folder, convzoo } = new Project('resume')
const whole = join(folder, 'whole')
beforeAll(() => {
  expect(convzoo(...longerRun(whole)).status).toBe(0)
})

/** What does not depend on the clock. */
const lasting = (run: string) => metricsOf(run).map(({ seconds, waited, ...rest }) => rest)

function expectSameAsWhole(run: string): void {
  expect(readFileSync(join(run, 'weights.safetensors')).equals(readFileSync(join(whole, 'weights.safetensors')))).toBe(
    true,
  )
  expect(lasting(run)).toEqual(lasting(whole))
  expect(readFileSync(join(run, 'confusion.json'), 'utf8')).toBe(readFileSync(join(whole, 'confusion.json'), 'utf8'))
}

describe('a run that is stopped and resumed', () => {
  it.skipIf(process.platform === 'win32')(
    'by Ctrl-C, by one that comes thrice, by SIGTERM, by SIGHUP, by SIGKILL ends as one that never was (Windows has no signals to send)',
    async () => {
      const run = join(folder, 'stopped')
      const first = new Running(folder, ...longerRun(run, '--checkpoint-every', '2'))
      await first.until(run, 0)
      first.kill('SIGINT')
      expect(await first.ended).toEqual({ code: 130, signal: null })
      expect(first.stderr).toContain(`Go on with: convzoo train --resume ${run}`)
      const done = metricsOf(run).length
      expect(done).toBeLessThan(11)

      const second = new Running(folder, 'train', '--resume', run)
      await second.until(run, done)
      for (let time = 0; time < 3; time++) second.kill('SIGINT')
      expect(await second.ended).toEqual({ code: 130, signal: null })
      const again = metricsOf(run).length
      expect(again).toBeGreaterThan(done)

      const hung = new Running(folder, 'train', '--resume', run)
      await hung.until(run, again)
      hung.kill('SIGHUP')
      expect(await hung.ended).toEqual({ code: 129, signal: null })

      const third = new Running(folder, 'train', '--resume', run)
      await third.until(run, 12)
      third.kill('SIGTERM')
      expect(await third.ended).toEqual({ code: 143, signal: null })

      const fourth = new Running(folder, 'train', '--resume', run)
      await fourth.until(run, 14)
      fourth.kill('SIGKILL')
      expect((await fourth.ended).signal).toBe('SIGKILL')

      expect(convzoo('train', '--resume', run).status).toBe(0)
      expectSameAsWhole(run)
      expect(existsSync(join(run, 'lock'))).toBe(false)
    },
  )

  it('after a write that was cut off has its metrics once', () => {
    const run = join(folder, 'torn')
    cpSync(whole, run, { recursive: true })
    rmSync(join(run, 'checkpoints', 'step-00000020.safetensors'))
    rmSync(join(run, 'weights.safetensors'))
    writeFileSync(join(run, 'checkpoints', 'step-00000020.safetensors.99999.tmp'), 'half')
    appendFileSync(join(run, 'metrics.jsonl'), '{"type":"te')
    expect(convzoo('train', '--resume', run).status).toBe(0)
    expectSameAsWhole(run)
  })

  it('and cannot be drawn is finished all the same', () => {
    const run = join(folder, 'undrawn')
    cpSync(whole, run, { recursive: true })
    for (const file of ['weights.safetensors', 'curves.svg']) rmSync(join(run, file))
    mkdirSync(join(run, 'curves.svg', 'in the way'), { recursive: true })
    const { status, stderr } = convzoo('train', '--resume', run)
    expect(stderr).toMatch(/The run has no pictures: .*curves\.svg cannot be written/)
    expect(status).toBe(0)
    expectSameAsWhole(run)
  })

  it('when it is finished takes no option that it would ignore, and never fewer epochs than it has had', () => {
    const before = readFileSync(join(whole, 'metrics.jsonl'), 'utf8')
    const resumed = (...more: string[]) => convzoo('train', '--resume', whole, ...more)
    expect(resumed('--learning-rate', '0.5')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/is finished[\s\S]*received: --learning-rate 0\.5[\s\S]*--epochs 3/),
    })
    expect(resumed('--epochs', '1')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/expected: --epochs 2 or more\n {2}received: --epochs 1/),
    })
    expect(readFileSync(join(whole, 'config.json'), 'utf8')).toContain('"epochs": 2')
    expect(resumed('--learning-rate', '0.0003').stdout).toContain('is finished')
    expect(readFileSync(join(whole, 'metrics.jsonl'), 'utf8')).toBe(before)
  })

  it('has a checkpoint where the last one is so old', () => {
    const stepsOf = (run: string) => readdirSync(join(run, 'checkpoints')).map((name) => Number(/\d+/.exec(name)?.[0]))
    const run = join(folder, 'minutes')
    expect(convzoo(...longerRun(run, '--checkpoint-minutes', '0.0000001')).status).toBe(0)
    expect(stepsOf(run)).toEqual([19, 20])
    expect(stepsOf(whole)).toEqual([10, 20])
  })

  it('when it is finished says so, changes nothing and succeeds', () => {
    const before = readFileSync(join(whole, 'metrics.jsonl'), 'utf8')
    const { status, stdout, lines, stderr } = convzoo('train', '--resume', whole)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('is finished')
    expect(lines.at(-1)).toMatch(/^test accuracy \d+\.\d\d %$/)
    expect(readFileSync(join(whole, 'metrics.jsonl'), 'utf8')).toBe(before)
  })
})

describe('a run that cannot be resumed', () => {
  const refused = (message: RegExp, ...parameters: string[]): void => {
    const { status, stderr, stdout } = convzoo('train', ...parameters)
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^ {4}at /m)
  }

  it('is not there, or lacks a whole configuration', () => {
    refused(/nowhere is not the folder of a run/, '--resume', join(folder, 'nowhere'))
    const run = mkdtempSync(join(folder, 'damaged-'))
    const config = readFileSync(join(whole, 'config.json'), 'utf8')
    writeFileSync(join(run, 'config.json'), config)
    truncateSync(join(run, 'config.json'), 40)
    refused(/is not the folder of a run[\s\S]*JSON/, '--resume', run)
    writeFileSync(join(run, 'config.json'), config.replace('"batchSize": 4', '"batchSize": 0'))
    refused(/config\.json[\s\S]*"batchSize" of the training[\s\S]*at least 1/, '--resume', run)
    writeFileSync(join(run, 'config.json'), config.replace('"seed": 1', '"sead": 1'))
    refused(/lacks "training\.seed"/, '--resume', run)
    writeFileSync(join(run, 'config.json'), config.replace('tiny.only', 'alexnt'))
    refused(/did you mean alexnet/, '--resume', run)
  })

  it('is trained by another process', () => {
    const run = mkdtempSync(join(folder, 'busy-'))
    cpSync(join(whole, 'config.json'), join(run, 'config.json'))
    const lock = JSON.stringify({ process: process.pid, host: hostname() })
    writeFileSync(join(run, 'lock'), lock)
    refused(new RegExp(`Another process is training[\\s\\S]*process ${process.pid}`), '--resume', run)
    expect(readFileSync(join(run, 'lock'), 'utf8')).toBe(lock)
  })

  it('was started with other settings', () => {
    refused(/--batch-size 4[\s\S]*--batch-size 8/, '--resume', whole, '--batch-size', '8')
    refused(/--seed 1[\s\S]*--seed 2/, '--resume', whole, '--seed', '2')
    refused(/--resume/, '--run', join(folder, 'other'), '--resume', whole)
  })

  it('has checkpoints that are cut off, foreign, or of another version of the network', () => {
    const run = join(folder, 'unreadable')
    cpSync(whole, run, { recursive: true })
    rmSync(join(run, 'weights.safetensors'))
    const [older, newest] = ['10', '20'].map((step) => join(run, 'checkpoints', `step-000000${step}.safetensors`))
    if (older === undefined || newest === undefined) throw new Error('A checkpoint has no name.')
    const bytes = readFileSync(newest)
    const replaced = bytes.indexOf('tiny@1')
    expect(replaced).toBeGreaterThan(0)
    bytes.write('tiny@9', replaced)
    writeFileSync(newest, bytes)
    refused(/made under other settings[\s\S]*tiny@9/, '--resume', run, '--engine', 'onnx', '--device', 'cpu')
    truncateSync(newest, 1000)
    writeFileSync(older, 'GIF89a is not what it should be')
    refused(/step-00000020\.safetensors cannot be read/, '--resume', run, '--engine', 'onnx', '--device', 'cpu')
  })
})
