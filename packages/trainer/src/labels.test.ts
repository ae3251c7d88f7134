import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Batch, type BatchPurpose, type Dataset, dense, flatten, functionalModel, input } from '@convzoo/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataset, trainer, weightsOf } from './testing/brighter.js'
import { rewriteMetadata } from './testing/damage.js'

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'convzoo-labels-'))
  path = join(folder, 'trained.safetensors')
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 9 }))

/** The same samples with their classes in the other order: what is in the first column stands in the second. */
function swapped(plain = dataset()): Dataset {
  return {
    ...plain,
    classes: plain.classes.toReversed(),
    batch: async (indices, purpose) => {
      const batch = await plain.batch(indices, purpose)
      return { ...batch, targets: batch.targets.map((_, at) => batch.targets[at ^ 1] ?? 0) }
    },
  }
}

/** As a user would write it: with private fields, which only the object itself can read. */
class Shelf implements Dataset {
  readonly specification = 'dataset/v1'
  readonly name = 'shelf'
  readonly imageShape = [2, 2, 1] as const
  readonly concurrency = 2
  readonly #inner = swapped()
  readonly #given = new Set<Float32Array>()
  readonly returned: boolean[] = []
  get length(): number {
    return this.#inner.length
  }
  get classes(): readonly string[] {
    return this.#inner.classes
  }
  async batch(indices: ArrayLike<number>, purpose?: BatchPurpose): Promise<Batch> {
    const batch = await this.#inner.batch(indices, purpose)
    this.#given.add(batch.targets)
    return batch
  }
  recycle({ targets }: Batch): void {
    this.returned.push(this.#given.has(targets))
  }
}

const job = { epochs: 6, batchSize: 4 }

async function trained(data: Dataset = dataset(), more: Parameters<typeof trainer>[2] = {}) {
  const made = trainer([], 1, more)
  await made.fit(data, job)
  return made
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'nothing was refused',
    (error: unknown) => error,
  )
}

describe('labels meet a network by name', () => {
  it('those of the first dataset are the names of its outputs', async () => {
    await using made = trainer()
    expect(made.classes).toBeUndefined()
    await made.fit(dataset(), job)
    expect(made.classes).toEqual(['first', 'last'])
  })

  it('so that classes in another order lead to the same weights and scores, and it is said', async () => {
    const lines: string[] = []
    await using plain = await trained(dataset(), { classes: ['first', 'last'] })
    await using mapped = await trained(swapped(), { classes: ['first', 'last'], log: (line) => lines.push(line) })
    expect(await weightsOf(mapped)).toEqual(await weightsOf(plain))
    expect(lines).toContain(
      "The classes of brighter are in another order than the network's: they are matched by name.",
    )
    const evaluated = await plain.evaluate(dataset(), { batchSize: 4, mistakes: 9 })
    expect(await plain.evaluate(swapped(), { batchSize: 4, mistakes: 9 })).toEqual(evaluated)
    expect(evaluated.top1).toBe(1)
  })

  it('also in a validation', async () => {
    await using made = trainer()
    const { validation } = await made.fit(dataset(), { ...job, validation: swapped() })
    expect(validation).toEqual(await made.evaluate(dataset(), { batchSize: 4 }))
  })

  it('of a dataset that is an object of a class, frozen, which gets its own arrays back', async () => {
    const shelf = Object.freeze(new Shelf())
    await using plain = await trained(dataset(), { classes: ['first', 'last'] })
    await using mapped = await trained(shelf, { classes: ['first', 'last'] })
    expect(await weightsOf(mapped)).toEqual(await weightsOf(plain))
    expect(shelf.returned).toEqual(shelf.returned.map(() => true))
    expect(shelf.returned).toHaveLength(18)
  })

  it('of which an evaluation may lack some, and they are named', async () => {
    const lines: string[] = []
    const images = input({ shape: [2, 2, 1] })
    const output = dense({ units: 4, activation: 'softmax' })(flatten()(images))
    const model = functionalModel({ inputs: images, output })
    const classes = ['last', 'middle', 'first', 'none']
    await using made = trainer([], 1, { model, classes, log: (line) => lines.push(line) })
    const { confusion, samples } = await made.evaluate(dataset(), { batchSize: 4 })
    const truths = confusion.map((row) => row.reduce((sum, count) => sum + count, 0))
    expect([samples, truths]).toEqual([10, [5, 0, 5, 0]])
    expect(lines.join('\n')).toContain('brighter has no images of 2 classes of the network: "middle", "none".')
    await expect(made.fit(dataset(), job)).rejects.toMatchObject({
      kind: 'data',
      received: 'missing "middle", "none"',
    })
  })

  it('and others are refused, each missing and each unknown one named, wherever they meet', async () => {
    await using made = await trained()
    const renamed = { ...dataset(), classes: ['first', 'latest'] }
    const refusal = { kind: 'data', received: 'missing "last"; unknown "latest"' }
    expect(await errorOf(made.evaluate(renamed, { batchSize: 4 }))).toMatchObject(refusal)
    expect(await errorOf(made.fit(renamed, { ...job, epochs: 7 }))).toMatchObject(refusal)
    expect(await errorOf(made.fit(dataset(), { ...job, epochs: 7, validation: renamed }))).toMatchObject(refusal)
    await made.saveCheckpoint(path)
    await using resumed = trainer()
    await resumed.loadCheckpoint(path)
    expect(resumed.classes).toEqual(['first', 'last'])
    expect(await errorOf(resumed.fit(renamed, { ...job, epochs: 7 }))).toMatchObject(refusal)
    expect(await errorOf(resumed.evaluate(renamed, { batchSize: 4 }))).toMatchObject(refusal)
    expect(resumed.position.epoch).toBe(6)
  })

  it('with a few of many names, each on one line and cut', async () => {
    const images = input({ shape: [2, 2, 1] })
    const output = dense({ units: 40, activation: 'softmax' })(flatten()(images))
    const classes = Array.from({ length: 40 }, (_, index) => `\u001b[2J${index}\n${'x'.repeat(500)}`)
    await using made = trainer([], 1, { model: functionalModel({ inputs: images, output }), classes })
    const error = await errorOf(made.fit(dataset(), job))
    expect(error).toMatchObject({ received: expect.stringMatching(/and 34 more; unknown "first", "last"$/) })
    const message = error instanceof Error ? error.message : ''
    expect(message).not.toContain('\u001b')
    expect(message.split('\n')).toHaveLength(4)
    expect(message.length).toBeLessThan(2000)
  })

  it('in whatever form their letters are written', async () => {
    const written = (name: string): Dataset => ({ ...dataset(), classes: ['first', name] })
    await using made = await trained(written('caf\u00e9'))
    const { top1 } = await made.evaluate(written('cafe\u0301'), { batchSize: 4 })
    expect(top1).toBe(1)
  })

  it.each([
    ['two of one name', ['cat', 'cat'], /more than once: "cat"/],
    ['two of one name in two forms', ['\u00e9', 'e\u0301'], /more than once/],
    ['a number', ['cat', 7], /7 as class 1/],
    ['no list', 'cat', /"cat"/],
    ['none', [], /no classes/],
    ['an empty text', ['cat', ''], /empty text as class 1/],
  ])('and classes that are no names are refused: %s', async (_, classes, message) => {
    await using made = trainer()
    const odd = Object.assign({ ...dataset() }, { classes })
    expect(await errorOf(made.fit(odd, job))).toMatchObject({ kind: 'data', message: expect.stringMatching(message) })
    expect(await errorOf(made.evaluate(odd, { batchSize: 4 }))).toMatchObject({ kind: 'data' })
    expect(() => trainer([], 1, JSON.parse(JSON.stringify({ classes })))).toThrow(message)
  })

  it('and the option has one for each output', () => {
    expect(() => trainer([], 1, { classes: ['one'] })).toThrow(/"classes"[\s\S]*2 names[\s\S]*1 names/)
  })
})

describe('a checkpoint', () => {
  it('of other classes than those that were given is refused, in another order too', async () => {
    await using made = await trained()
    await made.saveCheckpoint(path)
    await using other = trainer([], 1, { classes: ['last', 'first'] })
    expect(await errorOf(other.loadCheckpoint(path))).toMatchObject({
      kind: 'state',
      expected: 'last, first',
      received: 'first, last',
    })
    expect(other.position.step).toBe(0)
  })

  it('of an earlier version takes the names of the first dataset, and says so', async () => {
    const stopped = await stoppedAfter(4)
    rewriteMetadata(path, ({ classes, data, settings, ...rest }) => ({
      ...rest,
      settings: JSON.stringify({
        ...JSON.parse(settings ?? ''),
        dataset: 'brighter, 10 images (2, 2, 1)',
        'batch size': '4',
      }),
    }))
    const lines: string[] = []
    await using resumed = trainer([], 1, { log: (line) => lines.push(line) })
    await resumed.loadCheckpoint(path)
    expect(resumed.classes).toBeUndefined()
    expect(await errorOf(resumed.fit(dataset(8), job))).toMatchObject({ kind: 'state' })
    await resumed.fit(dataset(), job)
    expect(lines).toEqual([expect.stringMatching(/trained\.safetensors holds no names of classes: those of brighter/)])
    expect(resumed.classes).toEqual(['first', 'last'])
    expect(await weightsOf(resumed)).toEqual(stopped)
    await resumed.saveCheckpoint(path)
    await expect(trainer().loadCheckpoint(path)).resolves.toMatchObject({ position: { epoch: 6 } })
  })
})

/** Leaves a checkpoint within an epoch at `path`, and gives the weights of the run that did not stop. */
async function stoppedAfter(stop: number, data: Dataset = dataset()): Promise<number[]> {
  const controller = new AbortController()
  const onStep = ({ step }: { readonly step: number }) => (step + 1 === stop ? controller.abort() : undefined)
  await using stopped = trainer([], 1, { callbacks: [{ onStep }] })
  await stopped.fit(data, { ...job, signal: controller.signal })
  await stopped.saveCheckpoint(path)
  await using whole = await trained(data)
  return await weightsOf(whole)
}

const known = (fingerprint: string, name = 'brighter', length = 10): Dataset => ({
  ...dataset(length),
  name,
  fingerprint: async () => fingerprint,
})

describe('training that goes on', () => {
  it('takes the same data from another place, and classes in another order, bit for bit', async () => {
    const whole = await stoppedAfter(4, known('abc'))
    await using resumed = trainer()
    await resumed.loadCheckpoint(path)
    await resumed.fit(swapped(known('abc', 'moved')), job)
    expect(await weightsOf(resumed)).toEqual(whole)
  })

  it('refuses other data, and says what was there and what is', async () => {
    await stoppedAfter(4, known('abc'))
    await using resumed = trainer()
    await resumed.loadCheckpoint(path)
    for (const other of [known('xyz'), known('abc', 'brighter', 8), { ...dataset(8), name: 'smaller' }]) {
      expect(await errorOf(resumed.fit(other, job))).toMatchObject({
        kind: 'state',
        message: expect.stringContaining(path),
        expected: expect.stringMatching(/^brighter, 10 images/),
        received: expect.stringMatching(new RegExp(`^${other.name}, ${other.length} images`)),
        hint: expect.stringContaining('allowChangedData'),
      })
    }
    expect(resumed.position).toEqual({ step: 4, epoch: 1, sample: 4 })
  })

  it('on other data where it is allowed to, starts the epoch anew, says so and remembers it', async () => {
    await stoppedAfter(4, known('abc'))
    const lines: string[] = []
    const steps: Parameters<typeof trainer>[0] = []
    await using resumed = trainer(steps, 1, { log: (line) => lines.push(line) })
    await resumed.loadCheckpoint(path)
    await resumed.fit(known('xyz', 'newer', 8), { ...job, epochs: 2, allowChangedData: true })
    expect(lines).toEqual([
      expect.stringMatching(/brighter, 10 images.*before, newer, 8 images.*no longer bit for bit.*starts anew/),
    ])
    expect(steps?.map(({ step, epoch, samples }) => [step, epoch, samples])).toEqual([
      [4, 1, 4],
      [5, 1, 4],
    ])
    await resumed.saveCheckpoint(path)
    await using later = trainer()
    await later.loadCheckpoint(path)
    expect(await errorOf(later.fit(known('abc'), job))).toMatchObject({ kind: 'state' })
    await later.fit(known('xyz', 'elsewhere', 8), job)
    expect(later.position).toMatchObject({ epoch: 6, sample: 0 })
  })

  it('within an epoch refuses other data in the same trainer, and takes it between epochs', async () => {
    const controller = new AbortController()
    await using made = trainer([], 1, { callbacks: [{ onStep: () => controller.abort() }] })
    await made.fit(dataset(), { ...job, signal: controller.signal })
    expect(await errorOf(made.fit(dataset(8), job))).toMatchObject({
      kind: 'state',
      message: expect.stringMatching(/^Training stopped within an epoch/),
    })
    await made.fit(dataset(), { ...job, epochs: 1 })
    await made.fit(dataset(8), { ...job, epochs: 2 })
    expect(made.position).toEqual({ step: 5, epoch: 2, sample: 0 })
  })

  it.each(['yes', 1, null])('takes no %j for allowChangedData', async (allowChangedData) => {
    await using made = trainer()
    const options = JSON.parse(JSON.stringify({ ...job, allowChangedData }))
    expect(await errorOf(made.fit(dataset(), options))).toMatchObject({ kind: 'option' })
  })

  it('refuses a fingerprint that is none', async () => {
    await using made = trainer()
    const odd = Object.assign({ ...dataset() }, { fingerprint: async () => 7 })
    expect(await errorOf(made.fit(odd, job))).toMatchObject({ kind: 'data' })
  })
})
