import { spawn } from 'node:child_process'
import { existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { cli, metricsOf, smallRun } from './testing/convzoo.js'
import { Project } from './testing/project.js'

const project = new Project('nohup')
let folder = ''
beforeEach(() => {
  folder = project.place()
})

const training = (): string[] => [process.execPath, cli, ...smallRun(join(folder, 'run'), '--epochs', '12')]

/** Sends SIGHUP to all processes of a command once its training has begun, and gives how that ended. */
async function hangUp(command: string, parameters: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const log = join(folder, 'nohup.out')
  const output = openSync(log, 'a')
  const child = spawn(command, parameters, {
    cwd: folder,
    // A group of its own, as a shell gives to what it starts.
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, _: command, ...environment },
  })
  const run = join(folder, 'run')
  const ended = new Promise((resolve) => child.once('close', resolve))
  while (metricsOf(run).length < 2 && child.exitCode === null) await sleep(20)
  process.kill(-(child.pid ?? 0), 'SIGHUP')
  await ended
  while (existsSync(join(run, 'lock'))) await sleep(20)
  return { isFinished: existsSync(join(run, 'weights.safetensors')), log: readFileSync(log, 'utf8') }
}

const without = (name: string): string => join(folder, name)

describe.skipIf(process.platform === 'win32')('a terminal that is closed (Windows has no nohup)', () => {
  it('stops a training that was not told to outlive it', async () => {
    const [node = '', ...parameters] = training()
    // Elsewhere than where nohup writes.
    const quiet = ['-c', '"$0" "$@" > log 2>&1', node, ...parameters]
    expect((await hangUp('sh', quiet)).isFinished).toBe(false)
    expect(readFileSync(without('log'), 'utf8')).toContain('Stopping after this step')
  }, 60_000)

  it('does not stop one that writes where nohup lets it', async () => {
    const { isFinished, log } = await hangUp('nohup', training())
    expect([isFinished, log]).toEqual([true, expect.not.stringContaining('Stopping')])
  }, 60_000)

  it('does not stop one that a shell started by nohup and writes elsewhere', async () => {
    const script = 'nohup "$0" "$@" > log 2>&1'
    expect((await hangUp('bash', ['-c', script, ...training()])).isFinished).toBe(true)
    expect(readFileSync(without('log'), 'utf8')).not.toContain('Stopping')
  }, 60_000)

  it.runIf(process.platform === 'linux')(
    'does not stop one that a script below nohup starts (Linux says who ignores signals)',
    async () => {
      writeFileSync(without('train.sh'), '#!/bin/sh\n"$@" > log 2>&1\nexit $?\n')
      expect((await hangUp('nohup', ['sh', without('train.sh'), ...training()], { _: '/bin/sh' })).isFinished).toBe(
        true,
      )
      expect(readFileSync(without('log'), 'utf8')).not.toContain('Stopping')
    },
    60_000,
  )
})
