// A Python with certain packages: that of CONVZOO_PYTHON, or an environment that is made with PyPI's.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { completed } from './completed.mjs'

const given = process.env.CONVZOO_PYTHON
const isWindows = process.platform === 'win32'
const maker = isWindows ? 'python' : 'python3'

/** Why there is no such Python here; undefined if there is one, or one can be made. `imports` are the names of modules. */
export function missingPython(imports) {
  if (given === undefined) {
    return spawnSync(maker, ['-m', 'venv', '--help']).status === 0 ? undefined : `there is no ${maker} with venv`
  }
  if (spawnSync(given, ['-c', `import ${imports.join(', ')}`]).status === 0) return undefined
  return `${given} has not all of ${imports.join(', ')}; CONVZOO_PYTHON names one that has`
}

/** The path of a Python with these packages, such as `numpy==2.4.6`; an environment is made in the folder where none is given. */
export function pythonWith(packages, folder) {
  if (given !== undefined) return given
  ended(maker, '-m', 'venv', folder)
  const python = join(folder, ...(isWindows ? ['Scripts', 'python.exe'] : ['bin', 'python']))
  ended(python, '-m', 'pip', 'install', '--quiet', ...packages)
  return python
}

/** What a program printed, with its parameters one by one. */
export const ended = (program, ...parameters) => completed(program, parameters)
