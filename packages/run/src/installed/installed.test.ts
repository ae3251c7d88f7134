import { afterAll, describe, expect, it } from 'vitest'
import { inspectMachine, installedChoices, recipes, recipesOf, train, withRecipe } from '../index.js'
import { Project, tinyConfig } from '../testing/project.js'

const project = new Project()
afterAll(() => project[Symbol.dispose]())

describe('what can be chosen by name, in a program', () => {
  it('is said with what it is and where it comes from, our own and those of plugins', async () => {
    const { choices, problems } = await installedChoices()
    expect(problems).toEqual([])
    const find = (kind: string, id: string) => choices.find((each) => each.kind === kind && each.id === id)
    expect(find('architecture', 'tiny')).toMatchObject({
      ids: ['tiny', 'tiny.only'],
      default: 'tiny.only',
      title: 'A tiny network',
      parameters: 186,
      package: 'convzoo-tiny@1.2.3',
      folder: project.path('node_modules/convzoo-tiny'),
    })
    expect(find('optimizer', 'sgdw')).toEqual({
      kind: 'optimizer',
      id: 'sgdw',
      title: expect.stringMatching(/decoupled weight decay/),
      origin: 'program',
    })
    for (const [kind, id] of [
      ['schedule', 'cosine'],
      ['loss', 'categoricalCrossentropy'],
      ['dataset', 'mnist'],
      ['callback', 'earlyStopping'],
    ]) {
      expect(find(kind ?? '', id ?? ''), `${kind} ${id}`).toBeDefined()
    }
    expect(find('recipe', 'modern')?.title).toBe('optimizer adamW, schedule cosine')
    expect(find('recipe', 'notebook')?.title).toBe('optimizer sgdw, schedule constant')
  })

  it('names packages that cannot be used', async () => {
    project.write(
      'node_modules/convzoo-odd/package.json',
      JSON.stringify({ name: 'convzoo-odd', version: '0.1.0', convzoo: { 'architecture/v9': ['odd'] } }),
    )
    project.write(
      'package.json',
      JSON.stringify({ name: 'program', dependencies: { 'convzoo-tiny': '*', 'convzoo-odd': '*' } }),
    )
    try {
      const { problems } = await installedChoices()
      expect(problems).toMatchObject([{ name: 'convzoo-odd', error: { received: 'architecture/v9' } }])
    } finally {
      project.write('package.json', JSON.stringify({ name: 'program', dependencies: { 'convzoo-tiny': '*' } }))
    }
  })
})

describe('what can run here, in a program', () => {
  it('is the machine, its engines with their devices, and the one that is taken', async () => {
    const { node, cores, engines, auto } = await inspectMachine()
    expect(node).toBe(process.version)
    expect(cores).toBeGreaterThan(0)
    const devices = engines.find(({ engine }) => engine === auto.engine)?.devices ?? []
    expect(devices.find(({ device }) => device === auto.device)?.available).toBe(true)
  })
})

describe('a recipe', () => {
  it('gives a configuration what it does not say itself', async () => {
    const config = tinyConfig(await project.pictures(), { optimizer: { momentum: 0.5 }, training: { epochs: 1 } })
    const settings = { folder: project.path('runs/recipe'), onWarning: () => undefined }
    const result = await train(await withRecipe('notebook', config), settings)
    expect(result?.score).toBeDefined()
    const { openRun } = await import('../index.js')
    const run = await openRun(settings.folder, { engine: 'onnx' })
    expect(run.config.optimizer).toMatchObject({ ...recipes.notebook.optimizer, momentum: 0.5 })
    await run.dispose()
  })

  it('is taken by its name, also one that the network has of its own', async () => {
    expect(Object.keys(await recipesOf('tiny'))).toEqual(['modern', 'notebook', 'paper'])
    const { optimizer, engine, ...others } = tinyConfig(await project.pictures())
    const lines: string[] = []
    const folder = project.path('runs/paper')
    const config = { ...others, engine: engine ?? 'onnx', schedule: undefined, training: undefined }
    await train(config, { folder, recipe: 'paper', onLog: (line) => lines.push(line), onWarning: () => undefined })
    expect(lines).toContain('recipe  paper: sgd at 0.02, cosine, batches of 3, 2 epochs')
    await expect(train(config, { folder: project.path('runs/none'), recipe: 'papers' })).rejects.toThrow(
      /--recipe[\s\S]*one of modern, notebook, paper/,
    )
  })

  it('yields to another optimizer with all of its options', async () => {
    const { optimizer, schedule } = await withRecipe('notebook', { optimizer: 'adamW' })
    expect([optimizer, schedule]).toEqual(['adamW', 'constant'])
  })

  it('has a name that is known', async () => {
    await expect(withRecipe('note', {})).rejects.toThrow(
      /--recipe[\s\S]*expected: one of modern, notebook[\s\S]*received: "note"/,
    )
  })
})
