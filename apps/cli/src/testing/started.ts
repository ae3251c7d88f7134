import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { cli } from './convzoo.js'

/** A command that serves: the line that says where, how it ended, and what it complained of. */
export interface Started {
  readonly line: string
  readonly url: string
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>
  kill(signal: NodeJS.Signals): boolean
  stderr(): string
}

/** Starts one in a folder, and waits until it says its address. */
export async function started(folder: string, ...parameters: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, [cli, ...parameters], { cwd: folder })
  let stderr = ''
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const ended = new Promise<number | string | null>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal))
  })
  for await (const line of createInterface(child.stdout)) {
    const [url] = /http:\S+$/.exec(line) ?? []
    if (url === undefined) continue
    child.stdout.resume()
    return { line, url, ended, kill: (signal) => child.kill(signal), stderr: () => stderr }
  }
  throw new Error(`It ended: ${stderr}`)
}
