import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sourceOf } from '../src/kernels/source.js'

const compiler = 'g++'
const isThere = spawnSync(compiler, ['--version']).status === 0

/** What a program says that runs the kernels on this processor. */
function said(index: Parameters<typeof sourceOf>[0]): string {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-emulation-'))
  try {
    writeFileSync(join(folder, 'kernels.cu'), sourceOf(index))
    const program = join(folder, 'emulation')
    const source = join(import.meta.dirname, 'emulation.cpp')
    const how = ['-std=c++20', '-O1', '-pthread', '-w', `-I${folder}`, source, '-o', program]
    const compiled = spawnSync(compiler, how, { encoding: 'utf8' })
    expect(compiled.stderr).toBe('')
    return spawnSync(program, [], { encoding: 'utf8' }).stdout
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe.skipIf(!isThere)("CUDA's kernels on a processor", () => {
  it.each(['unsigned', 'unsigned long long'] as const)('compute what plain loops do, by indices of %s', (index) => {
    const lines = said(index).trim().split('\n')
    expect(lines.length).toBe(16)
    for (const line of lines) expect(line).toMatch(/: 0 of \d+$/)
  })
})
