import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, expect } from 'vitest'
import type { Ended } from './convzoo.js'
import { pathsOf, picturesIn, trainOn } from './photographs.js'
import { Project } from './project.js'

/** The weights that a training left behind. */
export const weightsOf = (run: string): Buffer => readFileSync(join(run, 'weights.safetensors'))

/** A training on pictures of apples and berries. Each test has a copy of its run, and the pictures where they were when it was trained. */
export class FruitRun {
  readonly #project: Project
  readonly convzoo: Project['convzoo']
  /** Where the pictures are. */
  readonly data: string
  /** The run as its training left it. */
  readonly original: string
  #run = ''

  constructor(name: string) {
    this.#project = new Project(name)
    this.convzoo = this.#project.convzoo
    this.data = this.#project.path('fruit')
    this.original = this.#project.path('original')
    const kept = this.#project.path('kept')
    beforeAll(async () => {
      await picturesIn(kept, pathsOf(['apple', 'berry']))
      cpSync(kept, this.data, { recursive: true })
      expect(this.convzoo(...trainOn(this.data, this.original)).status).toBe(0)
    })
    beforeEach(() => {
      this.#run = join(this.#project.place(), 'run')
      rmSync(this.data, { recursive: true, force: true, maxRetries: 9 })
      cpSync(kept, this.data, { recursive: true })
      cpSync(this.original, this.#run, { recursive: true })
    })
  }

  /** The copy of the test that runs. */
  get run(): string {
    return this.#run
  }

  readonly evaluate = (...more: string[]): Ended => this.convzoo('evaluate', this.run, ...more)
  readonly resume = (...more: string[]): Ended => this.convzoo('train', '--resume', this.run, '--epochs', '2', ...more)

  /** The pictures' classes are refused with each name, and the run stays as it is. */
  expectOtherClasses(names: readonly string[]): void {
    for (const { status, stderr } of [this.evaluate(), this.resume(), this.resume('--allow-changed-data')]) {
      expect(status).toBe(2)
      expect(stderr).toContain('other classes than the run was trained on')
      for (const name of names) expect(stderr).toContain(name)
    }
    for (const file of ['weights.safetensors', 'metrics.jsonl']) {
      expect(readFileSync(join(this.run, file)).equals(readFileSync(join(this.original, file)))).toBe(true)
    }
  }

  /** The pictures are refused unless they are allowed, which is said. */
  expectChangedImages(): void {
    const refused = this.resume()
    expect([refused.status, refused.stderr]).toEqual([
      2,
      expect.stringMatching(/have changed since the run was started[\s\S]*--allow-changed-data/),
    ])
    expect(weightsOf(this.run).equals(weightsOf(this.original))).toBe(true)
    expect(this.convzoo('train', '--resume', this.run).stdout).toContain('is finished')
    const allowed = this.resume('--allow-changed-data')
    expect([allowed.status, allowed.stdout + allowed.stderr]).toEqual([0, expect.stringContaining('bit for bit')])
    // From then on these are its images.
    expect(this.convzoo('train', '--resume', this.run, '--epochs', '3').status).toBe(0)
  }

  /** A run that found out what it cannot have found out is refused. */
  expectLacking(name: string, value: unknown): void {
    const path = join(this.run, 'config.json')
    const config = JSON.parse(readFileSync(path, 'utf8'))
    writeFileSync(path, JSON.stringify({ ...config, made: { ...config.made, [name]: value } }))
    for (const { status, stderr } of [this.evaluate(), this.resume()]) {
      expect([status, stderr]).toEqual([2, expect.stringContaining(`lacks "made.${name}"`)])
    }
  }
}
