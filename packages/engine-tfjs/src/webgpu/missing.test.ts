import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tfjs } from '@convzoo/engine-tfjs'
import { afterEach, describe, expect, it } from 'vitest'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 9 })
})

/** A project of a user, with a package `webgpu` whose entry is this text, or without. */
function project(text?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-webgpu-'))
  folders.push(folder)
  if (text !== undefined) {
    const installed = join(folder, 'node_modules/webgpu')
    mkdirSync(installed, { recursive: true })
    writeFileSync(
      join(installed, 'package.json'),
      JSON.stringify({ version: '0.6.2', main: 'entry.js', type: 'module' }),
    )
    writeFileSync(join(installed, 'entry.js'), text)
  }
  return folder
}

/** What Dawn gives where there is no driver. */
const withoutAdapter = `
export const globals = {}
export const create = () => ({ requestAdapter: async () => null })
`

const faults = [
  {
    title: 'is not installed',
    text: undefined,
    received: /^webgpu is not installed in .*convzoo-webgpu-/,
    hint: /^npm install webgpu$/,
  },
  {
    title: 'has no library for this system',
    text: `throw new Error('Cannot find module dist/plan9-mips/dawn.node')`,
    received: /webgpu 0\.6\.2: Cannot find module dist\/plan9-mips/,
    hint: /npm install webgpu/,
  },
  {
    title: 'is another package of that name',
    text: 'export default 1',
    received: /webgpu 0\.6\.2 has no "create"/,
    hint: /npm install webgpu/,
  },
  {
    title: 'finds no adapter',
    text: withoutAdapter,
    received: /no adapter/,
    hint: process.platform === 'linux' ? /libvulkan1/ : /driver/,
  },
] as const

describe.each(faults)('where webgpu $title', ({ text, received, hint }) => {
  it('compiling says so, and how to mend it', async () => {
    const engine = tfjs({ device: 'webgpu', project: project(text) })
    await expect(engine.compile({ state: [], functions: {} })).rejects.toMatchObject({
      kind: 'engine',
      received: expect.stringMatching(received),
      hint: expect.stringMatching(hint),
    })
  })

  it('the list of devices does', async () => {
    const reports = await tfjs({ project: project(text) }).devices()
    expect(reports.find(({ device }) => device === 'webgpu')).toMatchObject({
      kind: 'gpu',
      available: false,
      reason: expect.stringMatching(received),
      hint: expect.stringMatching(hint),
    })
  })
})

describe('where a program has put a GPU into its own thread', () => {
  it("the engine's thread, which has none, takes the package of the project", async () => {
    const navigator = Object.getOwnPropertyDescriptor(globalThis, 'navigator')
    Object.defineProperty(globalThis, 'navigator', { value: { gpu: {} }, configurable: true })
    try {
      const engine = tfjs({ device: 'webgpu', project: project(withoutAdapter) })
      await expect(engine.compile({ state: [], functions: {} })).rejects.toMatchObject({ received: 'no adapter' })
    } finally {
      if (navigator === undefined) Reflect.deleteProperty(globalThis, 'navigator')
      else Object.defineProperty(globalThis, 'navigator', navigator)
    }
  })
})
