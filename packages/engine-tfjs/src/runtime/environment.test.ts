import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { fakeProject, tensorflowWithoutGpu } from '../testing/fake-project.js'

const engine = pathToFileURL(createRequire(import.meta.url).resolve('@convzoo/engine-tfjs')).href

/** Compiles for TensorFlow in a thread, and tells what then stands in the environment of the process, as native code sees it. */
const program = (thread: string, project: string): string => `
  import { isMainThread, Worker } from 'node:worker_threads'
  import { tfjs } from ${JSON.stringify(engine)}
  if (isMainThread && ${JSON.stringify(thread)} === 'worker') new Worker(new URL(import.meta.url))
  else {
    const options = { device: 'cuda', allowCpu: true, threads: 3, project: ${JSON.stringify(project)} }
    const executable = await tfjs(options).compile({ state: [], functions: {} })
    await executable.dispose()
    const { environmentVariables } = process.report.getReport()
    console.log(environmentVariables.TF_NUM_INTRAOP_THREADS, environmentVariables.TF_CPP_MIN_LOG_LEVEL)
  }
`

it.each(['main', 'worker'])(
  'its options reach TensorFlow from a %s thread, and what the user has set stands',
  (thread) => {
    const { folder, remove } = fakeProject({ main: tensorflowWithoutGpu, withBinding: true })
    try {
      const file = join(folder, 'program.mjs')
      writeFileSync(file, program(thread, folder))
      const { TF_NUM_INTRAOP_THREADS: _, ...others } = process.env
      const env = { ...others, TF_CPP_MIN_LOG_LEVEL: '1' }
      const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8', env })
      expect(stderr).toBe('')
      expect(stdout).toBe('3 1\n')
    } finally {
      remove()
    }
  },
)
