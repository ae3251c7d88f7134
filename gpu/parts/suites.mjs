import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { failuresOf, summarizeReport } from '../../tools/engine-suites.mjs'
import { runProgram } from '../process.mjs'

/** The engine suite on each device, all at once: what is judged is right or wrong, not fast. */
export async function suitesPart({ root, project, env, limit, results, settings, failures }) {
  const vitest = join(root, 'packages/plugin-kit/node_modules/vitest/vitest.mjs')
  const suites = await Promise.all(
    settings.targets.map(async (target) => {
      const report = join(results, `suite-${target.name}.json`)
      const parameters = ['run', '--config', 'gpu/vitest.config.mjs', '--reporter=json', `--outputFile=${report}`]
      const { failure } = await runProgram(process.execPath, [vitest, ...parameters], {
        limit,
        cwd: root,
        env: { ...env, CONVZOO_GPU_TARGET: JSON.stringify({ ...target, project }) },
      })
      const counts = existsSync(report) ? summarizeReport(report) : []
      const failed = existsSync(report) ? failuresOf(report) : []
      if (failure !== undefined)
        failures.push([`suite on ${target.name}: ${failure}`, ...failed.slice(0, 10)].join('\n'))
      else if (counts.length === 0) failures.push(`suite on ${target.name}: no test ran`)
      return { target: target.name, counts, failed }
    }),
  )
  return { suites }
}
