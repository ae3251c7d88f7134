import { boolean, defineOptions, oneOf, optional, text, unusableOption } from '@convzoo/core/define'
import { type ExportFormat, exportFormats } from './formats.js'

export interface ExportOptions {
  /** `onnx` by default. */
  readonly format?: ExportFormat | undefined
  /** Of a model: whose images both are compared on; the run's own by default, noise for a file of weights. */
  readonly data?: string | undefined
  /** Of `onnx`: whether weights get a file of their own beside the model's; by default where they are larger than the format allows. */
  readonly externalData?: boolean | undefined
  /**
   * Of a model: whether it holds what of preprocessing is arithmetic, and takes the bytes of a picture that has the input's size already; by
   * default it takes images that are preprocessed.
   */
  readonly withPreprocessing?: boolean | undefined
}

/** A model and a run made the same of the same images. */
export interface Comparison {
  /** Images on which both were compared. */
  readonly images: number
  /** Between what the run and the model make of them. */
  readonly greatestDifference: number
  /** Whether the model takes bytes; otherwise images that are preprocessed. */
  readonly takesBytes: boolean
}

/** A model for ONNX Runtime and others, and how far it is from the run. */
export interface ExportedOnnx extends Comparison {
  readonly format: 'onnx'
  readonly path: string
  /** The file of the weights, if they have one. */
  readonly dataFile: string | undefined
  /** The tensor that goes in: [N, H, W, C] for any N. */
  readonly input: string
  /** The tensor that comes out. */
  readonly output: string
  readonly opset: number
}

/** A LayersModel for TensorFlow.js, and how far it is from the run. */
export interface ExportedTfjs extends Comparison {
  readonly format: 'tfjs'
  /** The folder. */
  readonly path: string
  /** The files in it, model.json first. */
  readonly files: readonly string[]
  /** The layer that takes images: [N, H, W, C] for any N. */
  readonly input: string
  /** The layer whose output it gives. */
  readonly output: string
}

/** The weights, bit for bit. */
export interface ExportedSafetensors {
  readonly format: 'safetensors'
  readonly path: string
  /** The other library whose names the tensors have, such as `torchvision.models.alexnet`; undefined for our own. */
  readonly peer: string | undefined
  /** Of the tensors. */
  readonly names: readonly string[]
}

/** What was written, and where. */
export type ExportedNetwork = ExportedOnnx | ExportedTfjs | ExportedSafetensors

export const exportOptions = defineOptions({
  format: optional(oneOf(...exportFormats), 'onnx'),
  data: optional(text),
  externalData: optional(boolean),
  withPreprocessing: optional(boolean),
})

type Parsed = ReturnType<typeof exportOptions.parse>

/** The options that a format takes beside the others'. */
const taken: Readonly<Record<ExportFormat, readonly (keyof Parsed)[]>> = {
  onnx: ['data', 'externalData', 'withPreprocessing'],
  tfjs: ['data', 'withPreprocessing'],
  safetensors: [],
}

/** @throws ConvzooError of kind `option` for an option that the format has no use for. */
export function requireTaken({ format, ...options }: Parsed): void {
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || taken[format].some((each) => each === name)) continue
    throw unusableOption(`"${name}" of export`, {
      expected: `nothing, for the format ${format}`,
      received: String(value),
      hint: taken[format].length === 0 ? 'leave it out' : `leave it out; ${format} takes ${taken[format].join(', ')}`,
    })
  }
}
