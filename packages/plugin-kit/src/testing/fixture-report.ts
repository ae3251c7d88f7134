import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly message: string
    readonly assertionResults: readonly Told[]
  }[]
}

const fixtures = fileURLToPath(new URL('../fixtures', import.meta.url))
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')

/** A test of a fixture. */
export interface Told {
  readonly title: string
  /** With the groups in which it stands. */
  readonly fullName: string
  readonly status: string
}

/** What vitest says of the fixtures of one folder, by file. */
export async function reportOf(folder: string): Promise<(file: string) => readonly Told[]> {
  const parameters = [vitest, 'run', '--config', join(fixtures, 'vitest.config.ts'), '--reporter=json', `${folder}/`]
  const report: Report = await new Promise((resolve) => {
    execFile(process.execPath, parameters, { cwd: fixtures, maxBuffer: 2 ** 26 }, (_, stdout) =>
      resolve(JSON.parse(stdout)),
    )
  })
  return (file) => {
    const found = report.testResults.find(({ name }) => name.endsWith(`${folder}/${file}.fixture.ts`))
    if (found === undefined || found.assertionResults.length === 0) {
      throw new Error(`Vitest ran no test of ${file}. ${found?.message}`)
    }
    return found.assertionResults
  }
}
