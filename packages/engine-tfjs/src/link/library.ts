import { existsSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { readRegularFileSync } from '@convzoo/files'
import { linkError } from './errors.js'

/** The libraries of a TensorFlow wheel, which hold the C interface that tfjs-node's binding calls. */
export const libraries = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const

/** Says which CUDA and cuDNN the libraries were built for. */
export const buildInfo = 'python/platform/build_info.py'

/** Libraries and headers of one TensorFlow. */
export interface Libraries {
  readonly folder: string
  readonly include: string
}

/**
 * The TensorFlow in a folder: `site-packages`, or `tensorflow` in it.
 *
 * @throws ConvzooError of kind `engine` if it is not there.
 */
export function librariesIn(folder: string): Libraries {
  const found = [join(folder, 'tensorflow'), folder].find((each) =>
    libraries.every((name) => existsSync(join(each, name))),
  )
  if (found === undefined) {
    throw linkError({
      message: 'There is no TensorFlow that can be linked in this folder.',
      expected: `${libraries.join(' and ')} in it or in its folder tensorflow, as pip installs them on Linux`,
      received: folder,
      hint: 'give the site-packages folder of a Python that has tensorflow, a wheel, or pip',
    })
  }
  const real = realpathSync(found)
  return { folder: real, include: join(real, 'include') }
}

/** @throws ConvzooError of kind `engine` if the headers of the C interface are missing. */
export function requireHeaders({ include }: Libraries): void {
  if (existsSync(join(include, 'tensorflow', 'c', 'eager', 'c_api.h'))) return
  throw linkError({
    message: 'This TensorFlow has no C headers.',
    expected: 'tensorflow/c/eager/c_api.h',
    received: include,
    hint: 'use a wheel of tensorflow or tensorflow-cpu from PyPI',
  })
}

/** No description of a library is longer. */
const longestText = 2 ** 20

/** A file's text; empty if there is no such file, or it cannot be read. */
export function readIfThere(path: string): string {
  try {
    return readRegularFileSync(path, { mostBytes: longestText }).toString('utf8')
  } catch {
    return ''
  }
}
