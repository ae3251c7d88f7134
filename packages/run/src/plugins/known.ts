import type { OptionalPackage } from './not-installed.js'

/** Packages that provide architectures, and their names: what to install for an id that nothing installed provides. */
export const knownArchitectures: Readonly<Record<string, string>> = {
  alexnet: '@convzoo/alexnet',
  'alexnet-twotower': '@convzoo/alexnet-twotower',
  googlenet: '@convzoo-examples/googlenet',
  nin: '@convzoo/nin',
  resnet9: '@convzoo-examples/resnet9',
  vgg: '@convzoo-examples/vgg',
  zfnet: '@convzoo/zfnet',
}

/** Packages that provide engines, and their names. */
export const knownEngines = { onnx: '@convzoo/engine-onnx', tfjs: '@convzoo/engine-tfjs' } as const satisfies Record<
  string,
  OptionalPackage
>

/** What every plugin has among its keywords, so that a registry can be searched for them. */
export const architectureKeyword = 'convzoo-architecture'
