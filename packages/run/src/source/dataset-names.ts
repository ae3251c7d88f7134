import type { DatasetName } from '@convzoo/data'

/** The sets that are known by name; the package that finds them is loaded when one is asked for. */
export const datasetNames = ['mnist', 'fashion-mnist', 'cifar10', 'cifar100'] as const satisfies readonly DatasetName[]
