import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const title = 'npm and pnpm install one architecture: core and nothing else; its summary is printed'

const program = `
  import '@convzoo/alexnet'
  import { createModel, renderKeras, summarize } from '@convzoo/core'
  process.stdout.write(renderKeras(summarize(createModel('alexnet'))))
`

export async function run({ root, folder }) {
  const wanted = readFileSync(join(root, 'packages/alexnet/src/fixtures/summary.txt'), 'utf8')
  for (const manager of ['npm', 'pnpm']) {
    const project = folder(`one-architecture-${manager}`)
    project.write('package.json', { name: 'outsider', private: true, type: 'module' })
    project.write('summary.mjs', program)
    await project[manager](manager === 'npm' ? 'install' : 'add', '@convzoo/alexnet')
    assert.deepEqual(project.installed(), ['@convzoo/alexnet', '@convzoo/core'])
    const { stdout: printed, stderr } = await project.node('summary.mjs')
    assert.equal(printed, wanted)
    assert.equal(stderr, '')
  }
}
