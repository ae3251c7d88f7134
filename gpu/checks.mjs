// Every check of a machine with a GPU, one after another, each within its own time; run.sh starts it in the unpacked bundle. What fails is
// written down and stops nothing.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { cudaFoldersOf } from './cuda.mjs'
import { describeMachine } from './machine.mjs'
import { benchPart } from './parts/bench.mjs'
import { doctorPart } from './parts/doctor.mjs'
import { memoryPart } from './parts/memory.mjs'
import { parityPart } from './parts/parity.mjs'
import { suitesPart } from './parts/suites.mjs'
import { endAll } from './process.mjs'
import { settingsOf } from './settings.mjs'
import { vulkanOf } from './vulkan.mjs'

const parts = { doctor: doctorPart, suites: suitesPart, parity: parityPart, memory: memoryPart, bench: benchPart }

const { values } = parseArgs({
  options: {
    results: { type: 'string', default: 'gpu-results' },
    python: { type: 'string', default: 'python3' },
    software: { type: 'boolean', default: false },
    limit: { type: 'string' },
    on: { type: 'string' },
    only: { type: 'string', default: Object.keys(parts).join(',') },
  },
})
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const settings = settingsOf(values.software, values.on)
const asked = values.only.split(',')
const unknown = asked.filter((name) => !Object.hasOwn(parts, name))
const seconds = Number(values.limit ?? (values.software ? 3600 : 330))
const mistake =
  unknown.length > 0
    ? `There is no part ${unknown.join(', ')}: --only takes ${Object.keys(parts).join(', ')}.`
    : settings.targets.length === 0
      ? `There is nothing to check on ${values.on}.`
      : seconds > 0
        ? undefined
        : `--limit takes seconds, and not ${values.limit}.`
if (mistake !== undefined) {
  console.error(mistake)
  process.exit(2)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    endAll()
    process.exit(1)
  })
}
mkdirSync(values.results, { recursive: true })
const end = performance.now() + seconds * 1000
const vulkan = await vulkanOf(join(root, 'vulkan'), values.results)
const machine = { ...(await describeMachine(values.python)), vulkan: vulkan.said }
// Engine onnx looks for CUDA there.
const libraries = [vulkan.env.LD_LIBRARY_PATH ?? process.env.LD_LIBRARY_PATH, ...(await cudaFoldersOf(values.python))]
const context = {
  root,
  project: join(root, 'project'),
  cli: join(root, 'apps/cli/dist/cli.js'),
  python: values.python,
  results: values.results,
  env: { ...vulkan.env, LD_LIBRARY_PATH: libraries.filter(Boolean).join(':'), NO_COLOR: '1' },
  settings,
  machine,
}
const report = { software: values.software, machine, parts: {} }
const write = () => writeFileSync(join(values.results, 'results.json'), `${JSON.stringify(report, undefined, 2)}\n`)

/** `ran`, `failed` or `not measured`: the worst of what a part and its own parts say. */
function statusOf({ failures, missing }) {
  if (failures.length > 0) return 'failed'
  return missing.length > 0 ? 'not measured' : 'ran'
}

for (const name of asked) {
  const began = performance.now()
  const limit = Math.min(settings.limits[name] * 1000, end - began)
  const said = { failures: [], missing: [] }
  let found
  try {
    if (limit < 1000) said.missing.push('no time was left')
    else found = await parts[name]({ ...context, limit, ...said })
  } catch (error) {
    said.failures.push(error.message)
  }
  const took = Math.round((performance.now() - began) / 100) / 10
  report.parts[name] = { status: statusOf(said), seconds: took, ...said, ...found }
  write()
  console.log(`${name}: ${report.parts[name].status} in ${took} s`)
  for (const line of [...said.failures, ...said.missing]) console.log(`  ${line.replaceAll('\n', '\n  ')}`)
}
const all = Object.values(report.parts).map(({ status }) => status)
report.status = ['failed', 'not measured'].find((status) => all.includes(status)) ?? 'ran'
write()
console.log(`gpu: ${report.status}; ${join(values.results, 'results.json')}`)
process.exitCode = { ran: 0, failed: 1, 'not measured': 3 }[report.status]
