// Loaded with --import, before a program and its worker threads: the faults in CONVZOO_FAULTS, and who met them in the file that it names.
import { appendFileSync } from 'node:fs'
import { refusing } from './system-faults.mjs'

const { faults, log } = JSON.parse(process.env.CONVZOO_FAULTS ?? '{"faults":[]}')
for (const { name, path, ...fault } of faults) {
  const { met } = refusing(name, { ...fault, ...(path === undefined ? {} : { path: new RegExp(path) }) })
  const push = met.push.bind(met)
  met.push = (given) => {
    appendFileSync(log, `${JSON.stringify([name, given])}\n`)
    return push(given)
  }
}
