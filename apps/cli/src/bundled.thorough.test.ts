import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pathsOf, picturesIn } from './testing/photographs.js'

/** Trains on photographs by both engines: three packages that start worker threads, in one program. */
const program = `
  import { conv2d, dense, flatten, functionalModel, input, sgdw } from '@convzoo/core'
  import { imageDataset, imageFolder } from '@convzoo/data'
  import { onnx } from '@convzoo/engine-onnx'
  import { tfjs } from '@convzoo/engine-tfjs'
  import { Trainer } from '@convzoo/trainer'

  const { train } = await imageFolder(process.argv[2])
  const losses = []
  for (const engine of [onnx({ threads: 1 }), tfjs()]) {
    const x = input({ shape: [8, 8, 3] })
    const features = flatten()(conv2d({ filters: 2, kernelSize: 3, name: 'conv' })(x))
    const output = dense({ units: 2, activation: 'softmax', name: 'classes' })(features)
    const model = functionalModel({ inputs: x, output })
    const optimizer = sgdw({ learningRate: 0.1, weightDecay: 0, momentum: 0 })
    const trainer = new Trainer({ model, engine, optimizer, seed: 1 })
    const data = imageDataset(train, { imageShape: [8, 8, 3], workers: 1 })
    try {
      await trainer.fit(data, { epochs: 1, batchSize: 4 })
      losses.push((await trainer.evaluate(data, { batchSize: 4 })).loss)
    } catch (error) {
      losses.push(error.message)
    }
    await data.dispose()
    await trainer.dispose()
  }
  console.log(JSON.stringify(losses))
`

const packages = ['core', 'files', 'trainer', 'data', 'engine-onnx', 'engine-tfjs'].map((name) => `@convzoo/${name}`)

/** What a bundler cannot take in: native modules. */
const native = ['onnxruntime-node', 'sharp', '@napi-rs/image']

let project: string
let entry: string
/** What the program says as it is. */
let unbundled: unknown
beforeAll(async () => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-bundled-')))
  entry = join(project, 'program.mjs')
  writeFileSync(entry, program)
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }')
  await picturesIn(join(project, 'pictures'), pathsOf(['apple', 'pear'], 4))
  for (const name of packages) install(name, folderOf(name))
  unbundled = run(entry)
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

const folderOf = (name: string): string => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))

/** Links a package as if the user had installed it, and with one of ours what it depends on. */
function install(name: string, folder: string): void {
  const place = join(project, 'node_modules', name)
  if (existsSync(place)) return
  mkdirSync(dirname(place), { recursive: true })
  symlinkSync(folder, place, 'junction')
  if (!name.startsWith('@convzoo/')) return
  const manifest: { readonly dependencies?: object } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  for (const each of Object.keys(manifest.dependencies ?? {})) install(each, join(folder, 'node_modules', each))
}

function run(file: string): unknown {
  // What runs this test may name folders in which packages are found from everywhere.
  const { NODE_PATH: _, ...env } = process.env
  const { stdout, stderr } = spawnSync(process.execPath, [file, join(project, 'pictures')], { encoding: 'utf8', env })
  expect(stderr).toBe('')
  return JSON.parse(stdout)
}

async function byEsbuild(outfile: string): Promise<void> {
  const { build } = await import('esbuild')
  // What is CommonJS asks for Node's modules by require.
  const js = "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url)"
  const how = { bundle: true, format: 'esm', platform: 'node', target: 'node20.10', logLevel: 'error' } as const
  await build({ ...how, entryPoints: [entry], outfile, external: native, banner: { js } })
}

async function byRollup(file: string): Promise<void> {
  const { rollup } = await import('rollup')
  const { resolve } = createRequire(entry)
  const isOurs = (id: string): boolean => id.startsWith('@convzoo/')
  const made = await rollup({
    input: entry,
    external: (id) => /^[^./]/.test(id) && !isOurs(id),
    plugins: [{ name: 'packages', resolveId: (id) => (isOurs(id) ? resolve(id) : null) }],
  })
  await made.write({ dir: dirname(file), entryFileNames: 'rollup.mjs', format: 'esm' })
  await made.close()
}

async function byVite(file: string): Promise<void> {
  const { build } = await import('vite')
  await build({
    root: project,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: [/^@convzoo\//] },
    build: {
      ssr: entry,
      outDir: dirname(file),
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: 'vite.mjs' } },
    },
  })
}

const bundlers = [
  ['esbuild', byEsbuild],
  ['Rollup', byRollup],
  ['Vite', byVite],
] as const

describe('a program that was bundled', () => {
  it.each(bundlers)('by %s trains as it did, where the packages are installed', async (name, bundle) => {
    const file = join(project, `build/${name.toLowerCase()}.mjs`)
    await bundle(file)
    expect(readFileSync(file, 'utf8')).not.toMatch(/from ?["']@convzoo/)
    const losses = run(file)
    expect(losses).toEqual([expect.any(Number), expect.any(Number)])
    expect(losses).toEqual(unbundled)
  })

  it('says what to tell the bundler, where they are not', async () => {
    const file = join(project, 'alone/program.mjs')
    await byEsbuild(file)
    const away = join(project, 'away')
    for (const name of packages) {
      mkdirSync(dirname(join(away, name)), { recursive: true })
      renameSync(join(project, 'node_modules', name), join(away, name))
    }
    try {
      expect(run(file)).toEqual([
        expect.stringMatching(/onnx-worker\.js[\s\S]*esbuild --external:@convzoo\/engine-onnx/),
        expect.stringMatching(/tfjs-worker\.js[\s\S]*esbuild --external:@convzoo\/engine-tfjs/),
      ])
    } finally {
      for (const name of packages) renameSync(join(away, name), join(project, 'node_modules', name))
    }
  })
})
