// ONNX Runtime with its CUDA provider out of Python's package, linked into a project of its own as a user would link it: fetched once.
import { existsSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The project that it is linked into. */
export const onnxCudaProject = join(root, 'node_modules/.cache/convzoo/onnx-cuda')

/** Where `convzoo doctor --link-onnxruntime` puts it there. */
export const linkedFolder = join(onnxCudaProject, 'node_modules/.cache/convzoo/onnxruntime-cuda')

export function makeProject() {
  mkdirSync(onnxCudaProject, { recursive: true })
  const manifest = join(onnxCudaProject, 'package.json')
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n')
}

/**
 * The folder of library and provider, linked if none is there yet.
 *
 * @param source A wheel, or `pip`, which fetches it.
 */
export async function linkedProvider(source) {
  makeProject()
  if (!existsSync(linkedFolder)) {
    const { linkOnnxruntime } = await import('../packages/engine-onnx/dist/cuda.js')
    await linkOnnxruntime({ source, project: onnxCudaProject, log: console.log })
  }
  return realpathSync(linkedFolder)
}
