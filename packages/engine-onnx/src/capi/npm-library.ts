import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What the library is called that onnxruntime-node brings. */
const names: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'libonnxruntime.so.1',
  darwin: 'libonnxruntime.1.dylib',
  win32: 'onnxruntime.dll',
}

/** The folder of onnxruntime-node's libraries for this system. @throws Error where the package is not installed. */
export function npmFolder(): string {
  const manifest = createRequire(import.meta.url).resolve('onnxruntime-node/package.json')
  // Node-API version 6 stands in the path, as in the package's own loader.
  return join(dirname(manifest), 'bin', 'napi-v6', process.platform, process.arch)
}

/** The library of ONNX Runtime that onnxruntime-node brings. @throws Error where there is none for this system. */
export function npmLibrary(): string {
  const path = join(npmFolder(), names[process.platform] ?? 'libonnxruntime')
  if (!existsSync(path)) throw new Error(`onnxruntime-node has no library for ${process.platform} ${process.arch}`)
  return path
}
