import { spawn } from 'node:child_process'
import { existsSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cli, metricsOf, smallRun } from './convzoo.js'

/** The command of a training whose run is in a folder, long enough to be met on the way. */
export const trainingIn = (folder: string): string[] => [
  ...[process.execPath, cli],
  ...smallRun(join(folder, 'run'), '--epochs', '40'),
]

/** Sends SIGHUP to all processes of a command that trains in a folder, once the training has begun, and gives how that ended. */
export async function hangUp(
  folder: string,
  [command = '', ...parameters]: readonly string[],
  environment: NodeJS.ProcessEnv = {},
) {
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
