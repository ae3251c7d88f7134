import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A test that another vitest ran. */
export interface Told {
  readonly title: string
  /** With the groups in which it stands. */
  readonly fullName: string
  readonly status: string
  readonly failureMessages: readonly string[]
}

/** What it says of one file. */
interface FileReport {
  readonly name: string
  readonly message: string
  readonly assertionResults: readonly Told[]
}

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url))
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

/** Runs vitest in a folder. */
export async function vitestReport(folder: string, parameters: readonly string[]): Promise<readonly FileReport[]> {
  const all = [vitest, 'run', '--reporter=json', ...parameters]
  const output: string = await new Promise((resolve) => {
    execFile(process.execPath, all, { cwd: folder, maxBuffer: 2 ** 26 }, (_, stdout) => resolve(stdout))
  })
  const { testResults }: { readonly testResults: readonly FileReport[] } = JSON.parse(output)
  return testResults
}

/** What vitest says of the fixtures of one folder, by file. */
export async function reportOf(
  folder: string,
  parameters: readonly string[] = [],
): Promise<(file: string) => readonly Told[]> {
  const report = await vitestReport(fixtures, [
    '--config',
    join(fixtures, 'vitest.config.ts'),
    `${folder}/`,
    ...parameters,
  ])
  return (file) => {
    const found = report.find(({ name }) => name.endsWith(`${folder}/${file}.fixture.ts`))
    if (found === undefined || found.assertionResults.length === 0) {
      throw new Error(`Vitest ran no test of ${file}. ${found?.message}`)
    }
    return found.assertionResults
  }
}
