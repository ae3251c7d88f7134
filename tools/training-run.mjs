// Runs of the built command line as the suites of `verify/` start and read them.
import { spawn } from 'node:child_process'
import { builtCli } from './build.mjs'

let cli

/** Starts the command line: the process, and how it ends. */
export function startCli(parameters) {
  cli ??= builtCli()
  const child = spawn(process.execPath, [cli, ...parameters], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // A suite that nohup started, whose session this is not, tries SIGHUP as well.
    detached: process.platform !== 'win32',
    env: { ...process.env, _: process.execPath },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text) => {
    stdout += text
  })
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const ended = new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }))
  })
  return { child, ended }
}

/** Runs the command line to its end: what it wrote to stdout. */
export async function completeCli(parameters) {
  const { code, signal, stdout, stderr } = await startCli(parameters).ended
  if (code !== 0) throw new Error(`convzoo ${parameters.join(' ')} ended with ${code ?? signal}:\n${stderr}`)
  return stdout
}

/** What a run wrote down, line by line. */
export async function metricsOf(run) {
  const { RunFolder } = await import('../packages/trainer/dist/index.js')
  const entries = []
  for await (const entry of (await RunFolder.open(run)).metrics.read()) entries.push(entry)
  return entries
}
