import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const built = new URL('../../dist/index.js', import.meta.url).href

/** What a program did. */
export interface Measured {
  /** What it printed. */
  readonly output: string
  /** Megabytes of memory at most. */
  readonly megabytes: number
}

/**
 * Runs a few lines as a process of their own, which has ten seconds; `data` is the built package, and an error's message is printed.
 *
 * @throws Error if the process does not end in time.
 */
export function measured(lines: string, environment: Readonly<Record<string, string>> = {}): Measured {
  const program = `
    const data = await import(${JSON.stringify(built)})
    try {
      ${lines}
    } catch (error) {
      console.log(error.kind, error.message)
    }
    console.log('memory', Math.round(process.resourceUsage().maxRSS / 1024))`
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
    timeout: 10_000,
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, ...environment },
  })
  const match = /^(.*)memory (\d+)\n$/s.exec(stdout)
  if (status !== 0 || match === null) throw new Error(`The process ended with ${status}: ${stdout}${stderr}`)
  return { output: match[1] ?? '', megabytes: Number(match[2]) }
}
