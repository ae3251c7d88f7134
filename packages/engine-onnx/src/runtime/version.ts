import { createRequire } from 'node:module'

/** The version of onnxruntime-node that is installed, read without loading it. */
export function runtimeVersion(): string {
  try {
    const manifest: unknown = createRequire(import.meta.url)('onnxruntime-node/package.json')
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : 'unknown'
  } catch {
    return 'not installed'
  }
}
