// AlexNet on this machine's GPU beside PyTorch: the bench of gpu/run.sh alone, in a checkout.
//
//   pnpm bench:gpu [--python python3] [--project .] [--limit 600] [--output results.json] [--software]
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { describeMachine } from '../../gpu/machine.mjs'
import { endAll } from '../../gpu/process.mjs'
import { settingsOf } from '../../gpu/settings.mjs'
import { benchGpu } from './bench.mjs'
import { table } from './statistics.mjs'

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    project: { type: 'string', default: '.' },
    limit: { type: 'string', default: '600' },
    output: { type: 'string' },
    software: { type: 'boolean', default: false },
  },
})
process.once('SIGINT', () => {
  endAll()
  process.exit(1)
})
const settings = settingsOf(values.software)
const machine = await describeMachine(values.python)
const { python } = values
const context = {
  settings,
  machine,
  python,
  project: resolve(values.project),
  env: {},
  limit: Number(values.limit) * 1000,
}
const contestants = await benchGpu(context)
console.log(table(contestants))
for (const { name, shares } of contestants) console.log(`${name}: ${JSON.stringify(shares)}`)
if (values.output !== undefined) {
  writeFileSync(values.output, `${JSON.stringify({ machine, bench: settings.bench, contestants }, undefined, 2)}\n`)
}
