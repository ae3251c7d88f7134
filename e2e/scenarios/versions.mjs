import assert from 'node:assert/strict'
import { publishFolder, unpackPublished } from '../publish.mjs'

export const title = 'a minor of core comes under an old plugin, and a plugin for an unknown contract is refused'

const summary = `
  import '@convzoo/alexnet'
  import { createModel } from '@convzoo/core'
  import manifest from '@convzoo/core/package.json' with { type: 'json' }
  console.log(manifest.version, createModel('alexnet').layers.length)
`

export async function run({ folder }) {
  const author = folder('versions-author')
  const core = await unpackPublished(author, '@convzoo/core')
  const { version: newer } = await publishFolder(core, (manifest) => {
    const [major, minor] = manifest.version.split('.').map(Number)
    return { ...manifest, version: `${major}.${minor + 1}.0` }
  })

  const user = folder('versions-user')
  user.write('package.json', { name: 'user', private: true, type: 'module' })
  user.write('summary.mjs', summary)
  await user.npm('install', '@convzoo/alexnet', '@convzoo/core')
  assert.equal((await user.node('--no-warnings', 'summary.mjs')).stdout, `${newer} 15\n`)
  assert.deepEqual(user.installed(), ['@convzoo/alexnet', '@convzoo/core'])

  const later = author.inside('later')
  later.write('package.json', {
    name: '@someone/later',
    version: '1.0.0',
    type: 'module',
    exports: './main.js',
    convzoo: { 'architecture/v2': ['later'] },
  })
  later.write('main.js', 'throw new Error("This must not be loaded.")')
  await publishFolder(later)
  await user.with({ ONNXRUNTIME_NODE_INSTALL: 'skip' }).npm('install', 'convzoo', '@someone/later')
  const listed = await user.convzoo('list')
  assert.match(
    listed.stderr,
    /^@someone\/later@1\.0\.0 in .* cannot be used: The package @someone\/later@1\.0\.0 follows a contract that this version of convzoo does not know\.\n {2}expected: one of architecture\/v1, .*\n {2}received: architecture\/v2\n {2}hint: /,
  )
  assert.match(listed.stdout, /^alexnet, alexnet\.notebook/m)
}
