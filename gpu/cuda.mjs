// Where PyTorch has CUDA: its wheels bring it as packages of their own, beside itself.
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { saidBy } from './process.mjs'

/** Folders of CUDA's and cuDNN's libraries in the Python that has PyTorch; none where PyTorch uses the system's. */
export async function cudaFoldersOf(python) {
  const file = await saidBy(python, '-c', 'import importlib.util as u; print(u.find_spec("torch").origin)')
  const nvidia = join(dirname(dirname(file ?? '.')), 'nvidia')
  if (file === undefined || !existsSync(nvidia)) return []
  return readdirSync(nvidia)
    .map((name) => join(nvidia, name, 'lib'))
    .filter(existsSync)
}
