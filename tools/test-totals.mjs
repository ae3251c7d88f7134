// Adds up the JSON reports that the last test runs left behind, and prints "<passed> <failed>".
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folders = ['packages', 'apps'].flatMap((group) => readdirSync(join(root, group)).map((name) => join(group, name)))

let passed = 0
let failed = 0
for (const folder of [...folders, 'tools']) {
  const path = join(root, folder, '.vitest/results.json')
  if (!existsSync(path)) continue
  const report = JSON.parse(readFileSync(path, 'utf8'))
  passed += report.numPassedTests
  failed += report.numFailedTests
  // A file may fail as a whole: it could not be loaded, or a hook threw.
  const fellWhole = (file) =>
    file.status === 'failed' && !file.assertionResults.some((result) => result.status === 'failed')
  failed += report.testResults.filter(fellWhole).length
}
console.log(`${passed} ${failed}`)
