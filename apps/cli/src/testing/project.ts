import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { installTinyNetwork } from '../../../../tools/tiny-network.js'
import { convzooIn, type Ended } from './convzoo.js'

/** A temporary folder in which the command line finds the network `tiny`. It is removed when the tests of the file are done. */
export class Project {
  readonly folder: string

  constructor(name: string) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), `convzoo-${name}-`)))
    installTinyNetwork(this.folder)
    afterAll(() => rmSync(this.folder, { recursive: true, force: true, maxRetries: 9 }))
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** A new folder in it, for what one test makes. */
  place(): string {
    const places = this.path('tests')
    mkdirSync(places, { recursive: true })
    return mkdtempSync(join(places, 'test-'))
  }

  /** Runs the command line in the project to its end. */
  readonly convzoo = (...parameters: string[]): Ended => convzooIn(this.folder, ...parameters)
}
