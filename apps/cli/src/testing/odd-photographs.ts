import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll } from 'vitest'
import type { Ended } from './convzoo.js'
import { Project } from './project.js'

const fixtures = fileURLToPath(new URL('../../../../packages/data/src/fixtures/odd-images', import.meta.url))

const classes = {
  turned: [0, 1, 2, 3, 4, 5].map((turn) => `orientation_${turn}.jpg`),
  video: ['video-001.cmyk.jpeg', 'video-001.cmyk.png', 'video-005.gray.q50.jpeg', 'video-001.5bpp.gif'],
}

/** Ten photographs of two classes, turned or of rare formats, and one that is broken: in a project, with a cache of its own. */
export class OddPhotographs {
  readonly project: Project
  /** Where they are. */
  readonly data: string

  constructor(name: string) {
    this.project = new Project(name)
    this.data = this.project.path('photographs')
    beforeAll(() => {
      process.env.CONVZOO_CACHE = this.project.path('cache')
      for (const [label, files] of Object.entries(classes)) {
        mkdirSync(join(this.data, label), { recursive: true })
        for (const file of files) copyFileSync(join(fixtures, file), join(this.data, label, file))
      }
      writeFileSync(join(this.data, 'video', 'broken.jpg'), 'no image')
    })
  }

  /** What every training on them is told. */
  get told(): readonly string[] {
    return ['--data', this.data, '--batch-size', '4', '--max-bad', '3']
  }

  readonly run = (name: string): string => this.project.path(name)

  /** The smallest training on them. */
  readonly train = (name: string, ...more: string[]): Ended =>
    this.project.convzoo(
      'train',
      'tiny',
      '--recipe',
      'notebook',
      '--input',
      '12x12x3',
      ...this.told,
      '--run',
      this.run(name),
      ...more,
    )

  /** A training of a network as its paper has it. */
  readonly trainPaper = (id: string, input: string, name: string, ...more: string[]): Ended =>
    this.project.convzoo('train', id, '--input', input, ...this.told, '--run', this.run(name), ...more)
}
