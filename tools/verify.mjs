// `pnpm verify:<name>`: a suite that is too slow or too special for every change. It stands in `verify/<name>.mjs`, which exports
// `missing()`, the reason why it cannot run here (or undefined), and `run()`, which throws where something is wrong.
// The last line is `verify <name>: RAN` with exit code 0, `FAILED` with 1, or `SKIPPED` and the reason with 3: a skip is no success.
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { builtCli } from './build.mjs'

const [name = ''] = process.argv.slice(2)
const path = join(dirname(fileURLToPath(import.meta.url)), 'verify', `${name}.mjs`)
if (!existsSync(path)) {
  console.error(`There is no tools/verify/${name}.mjs.`)
  process.exit(2)
}
const { missing, run } = await import(pathToFileURL(path).href)
const reason = await missing()
if (reason !== undefined) {
  console.log(`verify ${name}: SKIPPED: ${reason}`)
  process.exit(3)
}
const started = performance.now()
try {
  // A suite runs what is built of this checkout.
  builtCli()
  await run()
  console.log(`verify ${name}: RAN in ${((performance.now() - started) / 1000).toFixed(0)} s`)
} catch (error) {
  console.error(error)
  console.log(`verify ${name}: FAILED`)
  process.exit(1)
}
