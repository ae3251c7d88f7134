import { nin } from '@convzoo/nin'

/** What the page trains, and how. */
export interface Settings {
  /** Pixels of a side. */
  readonly side: number
  readonly batchSize: number
  readonly epochs: number
  readonly learningRate: number
  /** Go on where the browser has no GPU, at the speed of its processor. */
  readonly allowCpu: boolean
}

/** Read from the address of the page: `?batch=16&epochs=5&rate=0.01&allow-cpu`. */
export function settingsOf(query: URLSearchParams): Settings {
  const number = (name: string, otherwise: number): number => Number(query.get(name) ?? otherwise)
  return {
    side: number('side', 67),
    batchSize: number('batch', 16),
    epochs: number('epochs', 10),
    learningRate: number('rate', 0.01),
    allowCpu: query.has('allow-cpu'),
  }
}

export const seed = 1
export const momentum = 0.9
export const weightDecay = 5e-4

/** What a checkpoint remembers of the network, as `convzoo train` has it remember. */
export const identity = { architecture: 'nin.notebook', package: `${nin.package.name}@${nin.package.version}` }
