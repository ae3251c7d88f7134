import { mkdirSync, truncateSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { readConfigFile } from '../index.js'
import { Project } from '../testing/project.js'

const project = new Project()
afterAll(() => project[Symbol.dispose]())

const written = (name: string, text: string): string => {
  project.write(name, text)
  return project.path(name)
}

describe('readConfigFile', () => {
  it('reads YAML and JSON alike', async () => {
    const config = { network: 'alexnet', data: { source: 'flowers' }, optimizer: { name: 'adamW', learningRate: 3e-4 } }
    const yaml = `# yaml-language-server: $schema=schema.json
network: alexnet
data: { source: flowers }
optimizer:
  name: adamW
  learningRate: 3e-4
`
    expect(await readConfigFile(written('run.yaml', yaml))).toEqual(config)
    expect(await readConfigFile(written('run.json', JSON.stringify(config)))).toEqual(config)
  })

  it.each([
    ['no object', 'alexnet'],
    ['a list', '[alexnet, flowers]'],
    ['nothing', ''],
    ['two keys of one name', 'network: alexnet\nnetwork: nin\n'],
    ['a tab for spaces', 'network:\n\tid: alexnet\n'],
    ['a bracket that is left open', '{ "network": "alexnet"'],
    ['aliases', 'data: &flowers { source: flowers }\nnetwork: *flowers\n'],
    ['aliases of aliases', 'a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n'],
  ])('refuses a file with %s, by its name', async (_, text) => {
    const path = written('odd.yaml', text)
    await expect(readConfigFile(path)).rejects.toMatchObject({ name: 'ConvzooError', kind: 'file' })
    await expect(readConfigFile(path)).rejects.toThrow(`${path} cannot be read as the configuration of a run`)
  })

  it('refuses a file of a size that cannot be meant, a folder, and what is not there', async () => {
    const huge = written('huge.yaml', '')
    truncateSync(huge, 2 ** 24 + 1)
    mkdirSync(project.path('folder.yaml'))
    for (const path of [huge, project.path('folder.yaml'), project.path('none.yaml')]) {
      await expect(readConfigFile(path)).rejects.toMatchObject({ name: 'ConvzooError', kind: 'file' })
    }
  })
})
