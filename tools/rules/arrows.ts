/** What one package may know. A package imports only rows above it. */
export interface Row {
  readonly folder: string
  readonly name: string
  /** Packages that `src` may import and the manifest may list, except under `devDependencies`. */
  readonly imports: readonly string[]
  /** Packages that only its tests may import besides. */
  readonly tests?: readonly string[]
  /** Whether `src` may use Node's own modules; what describes networks runs anywhere. */
  readonly node: boolean
  /** Whether it ships files alone, such as weights, and no module that could be imported. */
  readonly hasNoModule?: boolean
  /** The versions of Node that it runs on, where they are others than {@link nodeVersions}. */
  readonly nodeVersions?: string
}

/** The versions of Node that packages run on: what sharp needs, and `pnpm verify:runtimes` runs the first of them. */
export const nodeVersions = '>=20.10.0'

const core = '@convzoo/core'
const kit = '@convzoo/plugin-kit'
const files = '@convzoo/files'
const onnx = '@convzoo/onnx'
const safetensors = '@convzoo/safetensors'

const architecture = (folder: string): Row => ({
  folder: `packages/${folder}`,
  name: `@convzoo/${folder}`,
  imports: [core],
  tests: [kit],
  node: false,
})

/** Weights of a network, whose package they go with. */
const weights = (folder: string, network: string): Row => ({
  folder: `packages/${folder}`,
  name: `@convzoo/${folder}`,
  imports: [network],
  tests: [core, safetensors],
  node: false,
  hasNoModule: true,
})

/** The table of the house: one row a package, first the one that imports nothing, last the one that imports all. */
export const rows: readonly Row[] = [
  { folder: 'packages/core', name: core, imports: [], node: false },
  { folder: 'packages/files', name: files, imports: [core], node: true },
  { folder: 'packages/safetensors', name: safetensors, imports: [core, files, 'yauzl'], node: true },
  architecture('alexnet'),
  architecture('alexnet-twotower'),
  architecture('zfnet'),
  architecture('nin'),
  weights('nin-fashion-mnist', '@convzoo/nin'),
  { folder: 'packages/onnx', name: onnx, imports: [core, files, 'onnx-buf', '@bufbuild/protobuf'], node: true },
  {
    folder: 'packages/engine-onnx',
    name: '@convzoo/engine-onnx',
    imports: [core, files, onnx, 'onnxruntime-node', 'koffi'],
    tests: [kit],
    node: true,
  },
  {
    folder: 'packages/engine-tfjs',
    name: '@convzoo/engine-tfjs',
    // No native package: those are found in the user's project at run time.
    imports: [
      core,
      files,
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-layers',
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-backend-webgpu',
      'node-api-headers',
      'yauzl',
    ],
    tests: [kit],
    node: true,
  },
  {
    folder: 'packages/plugin-kit',
    name: kit,
    imports: [core, 'vitest'],
    node: true,
    // What Vite, which vitest brings, asks for.
    nodeVersions: '^20.19.0 || >=22.12.0',
  },
  {
    folder: 'packages/data',
    name: '@convzoo/data',
    imports: [core, files, '@napi-rs/image', 'sharp', 'tar-stream'],
    node: true,
  },
  { folder: 'packages/trainer', name: '@convzoo/trainer', imports: [core, files, safetensors], node: true },
  {
    folder: 'packages/plugins',
    name: '@convzoo/plugins',
    imports: [core, files, 'resolve.exports'],
    tests: ['@convzoo/alexnet', 'esbuild', 'rollup', 'vite'],
    node: true,
  },
  {
    folder: 'packages/visualize',
    name: '@convzoo/visualize',
    imports: [core, '@hpcc-js/wasm-graphviz', '@resvg/resvg-wasm', '@expo-google-fonts/tinos', 'vega', 'vega-lite'],
    tests: ['@convzoo/engine-onnx', '@convzoo/engine-tfjs', '@convzoo/nin', '@convzoo/trainer'],
    node: true,
  },
  {
    folder: 'packages/run',
    name: '@convzoo/run',
    imports: [
      core,
      files,
      '@convzoo/data',
      safetensors,
      '@convzoo/trainer',
      '@convzoo/plugins',
      onnx,
      // What was exported is run by them; the engine of a run is found as a plugin.
      '@convzoo/engine-onnx',
      '@convzoo/engine-tfjs',
      '@convzoo/visualize',
      'package-manager-detector',
      'yaml',
    ],
    tests: ['@convzoo/alexnet', '@convzoo/alexnet-twotower', '@convzoo/zfnet', '@convzoo/nin', 'ajv'],
    node: true,
  },
  {
    folder: 'packages/serve',
    name: '@convzoo/serve',
    imports: [
      core,
      files,
      '@convzoo/data',
      '@convzoo/trainer',
      '@convzoo/run',
      onnx,
      // Runs a model that was exported; the engine of a run is found as a plugin.
      '@convzoo/engine-onnx',
      'hono',
      '@hono/node-server',
      '@fastify/busboy',
    ],
    tests: ['@convzoo/visualize'],
    node: true,
  },
  {
    folder: 'packages/report',
    name: '@convzoo/report',
    imports: [
      core,
      files,
      '@convzoo/trainer',
      '@convzoo/run',
      // Listens for requests, and refuses them, as it does.
      '@convzoo/serve',
      // Draws the network, where it is installed.
      '@convzoo/visualize',
      'hono',
      'uplot',
    ],
    tests: ['@convzoo/engine-onnx'],
    node: true,
  },
  {
    folder: 'packages/tensorboard',
    name: '@convzoo/tensorboard',
    // Draws filters as it draws samples of a set.
    imports: [core, files, '@convzoo/data', '@convzoo/trainer', '@bufbuild/protobuf'],
    node: true,
  },
  {
    folder: 'packages/create-architecture',
    name: 'create-convzoo-architecture',
    imports: [],
    tests: [core, kit],
    node: true,
  },
  {
    folder: 'apps/cli',
    name: 'convzoo',
    imports: [
      core,
      files,
      '@convzoo/alexnet',
      '@convzoo/alexnet-twotower',
      '@convzoo/zfnet',
      '@convzoo/nin',
      '@convzoo/engine-onnx',
      '@convzoo/engine-tfjs',
      '@convzoo/data',
      '@convzoo/plugins',
      '@convzoo/trainer',
      '@convzoo/run',
      '@convzoo/serve',
      '@convzoo/report',
      '@convzoo/tensorboard',
      '@convzoo/visualize',
      'cli-progress',
      'commander',
      'picocolors',
    ],
    tests: [safetensors, 'esbuild', 'rollup', 'vite'],
    node: true,
  },
]
