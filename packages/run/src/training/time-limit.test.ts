import { readFileSync } from 'node:fs'
import type { Callback } from '@convzoo/core'
import { afterAll, describe, expect, it } from 'vitest'
import { resume, train } from '../index.js'
import { Project, tinyConfig } from '../testing/project.js'

const project = new Project()
afterAll(() => project[Symbol.dispose]())

const quiet = { onWarning: () => undefined }
const weightsOf = (run: string): Buffer => readFileSync(`${run}/weights.safetensors`)

/** Holds the first step up until training is stopped. */
const untilStopped: Callback = {
  onStep: (_, { signal }) =>
    new Promise((resolve) => {
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve())
    }),
}

describe('a time limit', () => {
  it('stops a run after the step under way, which is then resumed to the weights of one that was not stopped', async () => {
    const data = await project.pictures()
    const whole = project.path('runs/whole')
    await train(tinyConfig(data), { ...quiet, folder: whole })
    const limited = project.path('runs/limited')
    const config = tinyConfig(data, { training: { timeLimit: 0.001 } })
    const stopped = await train(config, { ...quiet, folder: limited, callbacks: [untilStopped] })
    expect(stopped).toMatchObject({ completed: false, stopped: 'its time limit of 0.001 minutes was over' })
    expect(stopped?.position.step).toBeLessThan(2)
    const changes = { training: { timeLimit: 1e9 } }
    expect(await resume(limited, { ...quiet, changes })).toMatchObject({ completed: true, position: { step: 4 } })
    expect(weightsOf(limited).equals(weightsOf(whole))).toBe(true)
  })

  it('is a number of minutes above zero', async () => {
    const refused = train(tinyConfig('none', { training: { timeLimit: 0 } }), quiet)
    await expect(refused).rejects.toMatchObject({ kind: 'option', message: expect.stringContaining('"timeLimit"') })
  })
})
