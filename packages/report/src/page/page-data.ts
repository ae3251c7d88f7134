import type { ClassScore, StoredMistake } from '@convzoo/trainer'

/** What the page of a run shows, as plain data: what stays, what each step changes, and what a look at other images changes. */
export interface PageData {
  readonly fixed: FixedParts
  readonly progress: ProgressParts
  readonly look: LookParts
}

/** What stays as it is for a whole run. */
export interface FixedParts {
  /** The network's id with its tag. */
  readonly title: string
  /** As Keras prints it. */
  readonly summary?: string
  /** The network as SVG. */
  readonly picture?: string
  /** Images of the data as the network sees them in training: a row an image, a column an epoch; a PNG in base64. */
  readonly inputs?: { readonly png: string; readonly images: number; readonly epochs: number }
  readonly configuration: readonly Fact[]
  readonly environment: readonly Fact[]
  readonly repeat: string
  readonly resume: string
  /** What is not shown, and why, a sentence each. */
  readonly missing: readonly string[]
}

/** A name and what it stands for. */
export type Fact = readonly [name: string, value: string]

export type RunState = 'going' | 'stopped' | 'finished'

/** What each step changes. */
export interface ProgressParts {
  readonly state: RunState
  readonly steps: number
  /** Epochs that were completed, and how many there are to be. */
  readonly epochs: number
  readonly planned: number
  readonly last?: { readonly split: string; readonly samples: number; readonly loss: number; readonly top1: number }
  readonly charts: readonly Chart[]
}

/** Lines over the same places. */
export interface Chart {
  readonly id: string
  readonly title: string
  /** What its places are. */
  readonly along: 'steps' | 'epochs'
  readonly unit: 'number' | 'part' | 'images per second'
  readonly places: readonly number[]
  readonly lines: readonly ChartLine[]
  /** So many steps are one point: their mean. */
  readonly stretch: number
}

interface ChartLine {
  readonly name: string
  /** One for each place; null where there is none. */
  readonly values: readonly (number | null)[]
}

/** What a look at images that are not trained on found. */
export interface LookParts {
  /** Undefined where there are too many classes for a table. */
  readonly confusion?: { readonly classes: readonly string[]; readonly rows: readonly (readonly number[])[] }
  /** How each class is told from the others. */
  readonly classes: readonly (ClassScore & { readonly name: string })[]
  /** The most frequent confusions, the most frequent first. */
  readonly confused: readonly { readonly truth: string; readonly predicted: string; readonly count: number }[]
  readonly mistakes: readonly StoredMistake[]
  /** A PNG of the filters of the first layer, in base64, where they were drawn. */
  readonly filters?: string
}
