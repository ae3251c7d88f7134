import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ownFile } from './own-file.js'

const packageName = '@someone/engine'
let project: string
beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-own-file-')))
})
afterEach(() => rmSync(project, { recursive: true, force: true }))

function write(name: string, text = ''): string {
  const path = join(project, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

const find = (module: string): string =>
  ownFile('engine-worker.js', { packageName, from: pathToFileURL(join(project, module)).href })

describe('a file of a package that is loaded by its path', () => {
  it('is beside the module that asks', () => {
    const worker = write('node_modules/@someone/engine/dist/engine-worker.js')
    expect(find('node_modules/@someone/engine/dist/index.js')).toBe(worker)
  })

  it('is in the installed package, where the module has become a part of a program', () => {
    write('node_modules/@someone/engine/package.json', '{ "name": "@someone/engine" }')
    const worker = write('node_modules/@someone/engine/dist/engine-worker.js')
    expect(find('build/server.mjs')).toBe(worker)
  })

  it('is nowhere: the error says what to tell the bundler', () => {
    expect(() => find('build/server.mjs')).toThrow(
      expect.objectContaining({
        kind: 'file',
        message: expect.stringContaining('engine-worker.js of @someone/engine'),
        received: expect.stringContaining(join(project, 'build')),
        hint: expect.stringMatching(/npm install @someone\/engine.*external/),
      }),
    )
  })
})
