import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../process.mjs'

/** What `convzoo doctor` says, for people and for programs, and whether the devices are there that are to be checked. */
export async function doctorPart({ cli, project, env, limit, results, settings, failures }) {
  const doctor = (...more) =>
    runProgram(process.execPath, [cli, 'doctor', ...more], { limit: limit / 2, cwd: project, env })
  const text = await doctor()
  writeFileSync(join(results, 'doctor.txt'), text.stdout)
  const json = await doctor('--json')
  for (const { failure } of [text, json]) if (failure !== undefined) failures.push(`convzoo doctor: ${failure}`)
  if (json.failure !== undefined) return {}
  const found = JSON.parse(json.stdout)
  const devices = settings.targets.map(({ engine, device }) => {
    const report = found.engines.find((each) => each.engine === engine)?.devices.find((each) => each.device === device)
    return { engine, ...report }
  })
  for (const { engine, device, available, kind, reason } of devices) {
    // A GPU in software is never available by itself.
    const isHere = available === true || (settings.isSoftware && kind === 'fallback')
    if (!isHere) failures.push(`${engine} cannot be used on ${device}: ${reason ?? 'doctor does not know it'}`)
  }
  return { devices, auto: found.auto, doctor: found }
}
