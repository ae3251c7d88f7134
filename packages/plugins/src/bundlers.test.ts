import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { folderOf, Project } from './testing/project.js'

const program = `
  import '@convzoo/alexnet'
  import { createModel } from '@convzoo/core'
  console.log(createModel('alexnet').layers.length)
`

const project = new Project(['@convzoo/alexnet', '@convzoo/core'])
afterAll(() => project[Symbol.dispose]())

beforeAll(() => {
  project.link('@convzoo/alexnet', folderOf('@convzoo/alexnet'))
  project.link('@convzoo/core', folderOf('@convzoo/core'))
  project.write('program.mjs', program)
})

/** What a program prints in a folder from which no package can be resolved. */
const outputOf = (file: string): string => execFileSync(process.execPath, [file], { encoding: 'utf8' }).trim()

const entry = join(project.folder, 'program.mjs')
const bundle = join(project.folder, 'bundles')

describe('an architecture that is imported for its registration alone', () => {
  it.each<readonly [string, (file: string) => Promise<unknown>]>([
    [
      'esbuild',
      async (outfile) => {
        const { build } = await import('esbuild')
        return build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', minify: true })
      },
    ],
    [
      'Rollup',
      async (file) => {
        const { rollup } = await import('rollup')
        const resolved = new Map([
          ['@convzoo/alexnet', join(folderOf('@convzoo/alexnet'), 'dist/index.js')],
          ['@convzoo/core', join(folderOf('@convzoo/core'), 'dist/index.js')],
        ])
        const sideEffects = (id: string) =>
          JSON.parse(readFileSync(join(folderOf(id), 'package.json'), 'utf8')).sideEffects
        const plugin = {
          name: 'packages',
          resolveId: (id: string) => {
            const path = resolved.get(id)
            return path === undefined ? null : { id: path, moduleSideEffects: sideEffects(id) !== false }
          },
        }
        const made = await rollup({ input: entry, plugins: [plugin] })
        await made.write({ file, format: 'esm' })
        return made.close()
      },
    ],
    [
      'Vite',
      async (file) => {
        const { build } = await import('vite')
        return build({
          root: project.folder,
          configFile: false,
          logLevel: 'error',
          build: {
            lib: { entry, formats: ['es'], fileName: () => 'vite.mjs' },
            outDir: join(file, '..'),
            emptyOutDir: false,
          },
        })
      },
    ],
  ])('survives %s', async (name, build) => {
    const file = join(bundle, `${name.toLowerCase()}.mjs`)
    await build(file)
    expect(readFileSync(file, 'utf8')).not.toMatch(/from ?["']@convzoo/)
    expect(outputOf(file)).toBe('15')
  })

  it('survives require of the ES modules', () => {
    project.write(
      'program.cjs',
      `require('@convzoo/alexnet'); console.log(require('@convzoo/core').createModel('alexnet').layers.length)`,
    )
    expect(outputOf(join(project.folder, 'program.cjs'))).toBe('15')
  })
})
