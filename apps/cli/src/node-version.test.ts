import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { cli } from './testing/convzoo.js'

const manifest: { readonly engines: { readonly node: string } } = createRequire(import.meta.url)('../package.json')

/** The command line in a process that says it is that version of Node. */
function convzooOn(version: string) {
  const versions = JSON.stringify({ ...process.versions, node: version })
  const preload = `data:text/javascript,Object.defineProperty(process, 'versions', { value: ${versions} })`
  return spawnSync(process.execPath, ['--import', preload, cli, '--version'], { encoding: 'utf8' })
}

it.each(['18.20.8', '20.9.0'])('a Node that is too old is told so, and how to come by another: %s', (version) => {
  const { status, stdout, stderr } = convzooOn(version)
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain('convzoo does not run on this version of Node')
  expect(stderr).toContain(`${manifest.engines.node.replace('>=', '')} or later`)
  expect(stderr).toContain(`received: ${version}`)
  expect(stderr).toMatch(/hint: .*npx -p node@22/)
})

it.each(['20.10.0', '22.0.0', '26.1.0'])('a Node that is not is taken: %s', (version) => {
  const { status, stderr } = convzooOn(version)
  expect([status, stderr]).toEqual([0, ''])
})
