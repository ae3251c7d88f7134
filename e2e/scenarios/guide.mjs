import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const title =
  'the ten-minute guide, word for word: a plugin is scaffolded, published, installed elsewhere, listed and trained'

export async function run({ root, folder }) {
  const guide = readFileSync(join(root, 'docs/guides/publish-an-architecture.md'), 'utf8')
  const commands = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block).join('')
  const empty = folder('guide')
  const { stdout } = await empty.run('bash', '-euxc', commands)
  assert.match(
    stdout,
    /my-net, my-net\.small, my-net\.wide .*My Net {2}\(convzoo-my-net@0\.1\.0, .*elsewhere\/node_modules/,
  )
  assert.match(stdout, /^Total params: 72,042/m)
  assert.match(stdout, /^test accuracy \d+\.\d\d %$/m)
}
