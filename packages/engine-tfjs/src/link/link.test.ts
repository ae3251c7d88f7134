import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { linkLibtensorflow } from '@convzoo/engine-tfjs/native'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fakeProject, tensorflowWithoutBinding } from '../testing/fake-project.js'

const removals: (() => void)[] = []
afterEach(() => {
  vi.unstubAllEnvs()
  for (const remove of removals.splice(0)) remove()
})

function project(...fake: Parameters<typeof fakeProject>): string {
  const { folder, remove } = fakeProject(...fake)
  removals.push(remove)
  return folder
}

const installed = () => project({ main: tensorflowWithoutBinding, withBinding: true })
const packageOf = (folder: string) => join(folder, 'node_modules/@tensorflow/tfjs-node-gpu')

function write(folder: string, ...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), '')
  }
}

const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']
const header = 'include/tensorflow/c/eager/c_api.h'

// Only Linux gets beyond the first of these checks; elsewhere the platform is what is refused.
const onLinux = (message: string): string =>
  process.platform === 'linux' ? message : 'Linking is tried on Linux alone.'

describe('linking', () => {
  it('says what to install where there is nothing to link', async () => {
    await expect(linkLibtensorflow({ source: 'pip', project: project() })).rejects.toMatchObject({
      kind: 'engine',
      sentence: onLinux('There is no native package to link.'),
    })
  })

  it('refuses what holds no TensorFlow', async () => {
    const folder = installed()
    const link = (source: string) => linkLibtensorflow({ source, project: folder })
    await expect(link('nowhere.whl')).rejects.toMatchObject({ sentence: onLinux('There is no TensorFlow to link.') })
    await expect(link(folder)).rejects.toMatchObject({
      sentence: onLinux('There is no TensorFlow that can be linked in this folder.'),
    })
  })

  it('refuses a file that is no wheel, by its name', async () => {
    const folder = installed()
    const wheel = join(folder, 'tensorflow-2.21.0.whl')
    writeFileSync(wheel, 'no zip at all')
    await expect(linkLibtensorflow({ source: wheel, project: folder })).rejects.toMatchObject({
      kind: 'engine',
      sentence: onLinux(`${wheel} cannot be unpacked.`),
    })
  })

  it('refuses a TensorFlow without headers', async () => {
    const source = project()
    write(join(source, 'tensorflow'), ...libraries)
    await expect(linkLibtensorflow({ source, project: installed() })).rejects.toMatchObject({
      sentence: onLinux('This TensorFlow has no C headers.'),
    })
  })

  it.each([
    ['there is no compiler', 'no-such-compiler', 'There is no C++ compiler.'],
    [
      'it does not compile',
      'false',
      'The binding of @tensorflow/tfjs-node-gpu 4.22.0 does not compile against this TensorFlow.',
    ],
    ['what it made cannot be loaded', 'true', 'The new binding cannot be loaded with this TensorFlow.'],
  ])('leaves the binding as it was when %s', async (_, compiler, message) => {
    const source = project()
    write(source, ...libraries, header)
    const folder = installed()
    const binding = join(packageOf(folder), 'lib/napi-v8/tfjs_binding.node')
    writeFileSync(binding, 'the binding that was there')
    vi.stubEnv('CXX', compiler)
    await expect(linkLibtensorflow({ source, project: folder })).rejects.toMatchObject({ sentence: onLinux(message) })
    expect(readFileSync(binding, 'utf8')).toBe('the binding that was there')
    expect(readdirSync(dirname(binding))).toEqual(['tfjs_binding.node'])
  })
})
