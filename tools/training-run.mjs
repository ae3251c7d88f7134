// Runs of the built command line as the suites of `verify/` start and read them.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { builtCli } from './build.mjs'

let cli

/** Starts the command line: the process, and how it ends. */
export function startCli(parameters) {
  cli ??= builtCli()
  const child = spawn(process.execPath, [cli, ...parameters], { stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const ended = new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stderr }))
  })
  return { child, ended }
}

/** Runs the command line to its end. */
export async function completeCli(parameters) {
  const { code, signal, stderr } = await startCli(parameters).ended
  if (code !== 0) throw new Error(`convzoo ${parameters.join(' ')} ended with ${code ?? signal}:\n${stderr}`)
}

/** What a run wrote down, line by line; a line that is cut off ends them. */
export function metricsOf(run) {
  const path = join(run, 'metrics.jsonl')
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}
