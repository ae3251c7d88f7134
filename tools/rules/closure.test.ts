import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { nodeVersions, rows } from './arrows.js'
import { closureOf, excluding, type Lockfile, readLockfile } from './closure.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const lockfile = readLockfile(root)

describe.each(rows)('what comes with $name', ({ folder, nodeVersions: own = nodeVersions }) => {
  it(`runs on every Node that it runs on, ${own}: nothing warns or refuses while it is installed`, () => {
    expect(Object.keys(lockfile.importers)).toContain(folder)
    expect(excluding(lockfile, folder, own)).toEqual([])
  })
})

describe('what comes with a package', () => {
  const small: Lockfile = {
    importers: { 'packages/one': { dependencies: { a: { version: '1.0.0' }, two: { version: 'link:../two' } } } },
    packages: {
      'a@1.0.0': { engines: { node: '20 || >=22' } },
      'b@2.0.0': { engines: { node: '>=22' } },
      'c@3.0.0': { engines: { node: '^20.19.0 || >=22.12.0' } },
    },
    snapshots: {
      'a@1.0.0': { dependencies: { b: '2.0.0(c@3.0.0)', other: 'c@3.0.0' } },
      'b@2.0.0(c@3.0.0)': { dependencies: { a: '1.0.0' } },
      'c@3.0.0': {},
    },
  }

  it('is all that its dependencies bring', () => {
    expect(closureOf(small, 'packages/one')).toEqual(['a@1.0.0', 'b@2.0.0', 'c@3.0.0'])
  })

  it('is named where it leaves out a Node that the package runs on', () => {
    const [b, c] = ['b@2.0.0 wants >=22', 'c@3.0.0 wants ^20.19.0 || >=22.12.0']
    expect(excluding(small, 'packages/one', '>=20.10.0')).toEqual([b, c])
    expect(excluding(small, 'packages/one', '^20.19.0 || >=22.12.0')).toEqual([b])
    expect(excluding(small, 'packages/one', '>=22.12.0')).toEqual([])
  })
})
