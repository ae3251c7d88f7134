import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { instancesAskedIn, type Source, sourcesOf } from './source.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Where it is written how values of other realms are recognised; everyone else asks there. */
const room = 'packages/core/src/recognise/'

/** What asks the classes of its own realm all the same, and why it may. */
const exceptions: readonly (readonly [string, string])[] = [
  ['packages/create-architecture/', 'knows no package but Node, and what it catches was thrown by itself'],
]

const asked = ['packages', 'apps']
  .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
  .filter((folder) => existsSync(join(root, folder, 'src')))
  .flatMap((folder) =>
    sourcesOf(join(root, folder))
      .filter(({ isTest, name }) => !isTest && !name.startsWith('src/testing/'))
      .flatMap((source) => instancesAskedIn(source).map((each) => `${folder}/${each}`)),
  )

describe('values of other realms', () => {
  it('are recognised in one place alone, for classes of another realm are other classes', () => {
    const outside = asked.filter(
      (each) => ![room, ...exceptions.map(([place]) => place)].some((place) => each.startsWith(place)),
    )
    expect(outside).toEqual([])
  })

  it.each([
    ['const is = x instanceof Float32Array', ['src/x.ts:1 Float32Array']],
    ['if (!(error instanceof Error)) throw error', ['src/x.ts:1 Error']],
    ['if (x instanceof globalThis.RegExp) {}', ['src/x.ts:1 globalThis.RegExp']],
    ['if (error instanceof RefusedPicture) {}\nclass RefusedPicture extends Error {}', []],
    ["import { CommanderError } from 'commander'\nif (error instanceof CommanderError) {}", []],
    ['if (x instanceof this.tensorflow.Tensor) {}', []],
    ['// x instanceof Error', []],
  ])('are found to be told by their class: %s', (text, expected) => {
    const source: Source = { path: 'x.ts', name: 'src/x.ts', text, isTest: false }
    expect(instancesAskedIn(source)).toEqual(expected)
  })
})
