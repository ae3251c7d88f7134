// Packs the package in the current folder as it would be published, and looks at the archive: publint, are-the-types-wrong, licence.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

function run(program, parameters) {
  const result = spawnSync(program, parameters, { encoding: 'utf8', shell: process.platform === 'win32' })
  return { ok: result.status === 0, text: `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}` }
}

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'convzoo-pack-'))
const failures = []
function expectOk(name, result) {
  if (!result.ok) failures.push(`${name}\n${result.text}`)
}

try {
  expectOk('pnpm pack', run('pnpm', ['pack', '--pack-destination', folder]))
  const [name] = readdirSync(folder)
  if (name !== undefined) {
    const archive = join(folder, name)
    const files = run('tar', ['-tzf', archive]).text.split(/\r?\n/)
    for (const wanted of ['package/LICENSE', 'package/README.md']) {
      if (!files.includes(wanted)) failures.push(`${basename(wanted)} is not in the archive.`)
    }
    expectOk('publint', run('publint', ['run', archive, '--strict']))
    // A package without importable entries, such as a command, has no types that could be wrong.
    if (manifest.exports?.['.'] !== undefined) {
      expectOk('attw', run('attw', [archive, '--profile', 'esm-only']))
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

if (failures.length > 0) {
  console.error(`${manifest.name} is not fit to publish:\n\n${failures.join('\n\n')}`)
  process.exit(1)
}
