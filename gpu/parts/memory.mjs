import { join } from 'node:path'
import { runProgram } from '../process.mjs'

/** What a run may take more after its last step than after the first ones. */
const mostGrowth = 1.02

/** Memory of the process and of the GPU over two hundred steps, on one device after another. */
export async function memoryPart({ root, project, env, limit, settings, failures }) {
  const memory = []
  const began = performance.now()
  for (const [index, target] of settings.targets.entries()) {
    const left = (limit - (performance.now() - began)) / (settings.targets.length - index)
    const work = JSON.stringify({ ...settings.memory, target: { ...target, project } })
    const { failure, stdout } = await runProgram(process.execPath, [join(root, 'gpu/memory.mjs'), work], {
      limit: left,
      cwd: project,
      env,
    })
    if (failure !== undefined) {
      failures.push(`memory on ${target.name}: ${failure}`)
      continue
    }
    const found = JSON.parse(stdout.trim().split('\n').at(-1))
    for (const what of ['processMiB', 'gpuMiB']) {
      const [first, last] = [found.after.at(0)[what], found.after.at(-1)[what]]
      if (last > first * mostGrowth + 16)
        failures.push(`memory on ${target.name}: ${what} rose from ${first} to ${last}`)
    }
    memory.push({ target: target.name, ...settings.memory, ...found })
  }
  return { memory }
}
