import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sizeBudgets } from '../../tools/size-budgets.mjs'

export const title = 'npm and pnpm install one architecture: core and nothing else; its summary is printed'

const program = `
  import '@convzoo/alexnet'
  import { createModel, renderKeras, summarize } from '@convzoo/core'
  process.stdout.write(renderKeras(summarize(createModel('alexnet'))))
`

const { budget } = sizeBudgets.find(({ what }) => what === '@convzoo/alexnet with core')

export async function run({ root, folder }) {
  const wanted = readFileSync(join(root, 'packages/alexnet/src/fixtures/summary.txt'), 'utf8')
  for (const manager of ['npm', 'pnpm']) {
    const project = folder(`one-architecture-${manager}`)
    project.write('package.json', { name: 'outsider', private: true, type: 'module' })
    project.write('summary.mjs', program)
    // npm puts the peer where the program finds it; under pnpm a program lists what it imports.
    if (manager === 'npm') await project.npm('install', '@convzoo/alexnet')
    else await project.pnpm('add', '@convzoo/alexnet', '@convzoo/core')
    assert.deepEqual(project.installed(), ['@convzoo/alexnet', '@convzoo/core'])
    if (manager === 'npm') {
      const bytes = sizeOf(join(project.path, 'node_modules'))
      assert.ok(bytes <= budget * 1000, `${bytes} bytes are installed, and ${budget} kB is the budget`)
      console.log(`       npm install @convzoo/alexnet: ${(bytes / 1000).toFixed(1)} kB`)
    }
    const { stdout: printed, stderr } = await project.node('summary.mjs')
    assert.equal(printed, wanted)
    assert.equal(stderr, '')
  }
}

/** Bytes in the files of a folder. */
function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
