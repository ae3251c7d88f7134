import { activationKind, describeActivation } from '../layers/activation-option.js'
import type { Model, ModelLayer } from '../model/index.js'
import { modelOption } from '../model/index.js'
import { boolean, defineOptions, invalid, numberAbove, oneOf, optional, requireArguments } from '../options/index.js'
import { formatShape } from '../shape.js'
import { kerasShape } from '../summary/keras-shape.js'

/** What a plot shows, as `tf.keras.utils.plot_model` takes it. */
export interface PlotOptions {
  /** From top to bottom by default, or from left to right. */
  readonly rankdir?: 'TB' | 'LR' | undefined
  readonly showShapes?: boolean | undefined
  readonly showDtype?: boolean | undefined
  /** True by default. */
  readonly showLayerNames?: boolean | undefined
  readonly showLayerActivations?: boolean | undefined
  /** Dots an inch; 96 by default. */
  readonly dpi?: number | undefined
}

const plotOptions = defineOptions({
  rankdir: optional(oneOf('TB', 'LR'), 'TB'),
  showShapes: optional(boolean, false),
  showDtype: optional(boolean, false),
  showLayerNames: optional(boolean, true),
  showLayerActivations: optional(boolean, false),
  dpi: optional(numberAbove(0), 96),
})

type ParsedOptions = ReturnType<typeof plotOptions.parse>

/**
 * The model as a graph in the DOT language: a node for each layer with the label that `plot_model` of Keras 2.9 to 2.12 gives it, an
 * edge for each two that are connected. Graphviz draws it; @convzoo/visualize brings one.
 *
 * Source: `keras/utils/vis_utils.py`, `model_to_dot`.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const dot = renderDot(model, { rankdir: 'LR', showShapes: true })
 */
export function renderDot(model: Model, given: PlotOptions = {}): string {
  requireArguments('renderDot', { model: [modelOption, model] })
  const options = plotOptions.parse('renderDot', given)
  const { rankdir, dpi } = options
  const edges = new Set(
    model.layers.flatMap(({ name, applications }) =>
      applications.flatMap(({ inputs }) =>
        inputs.map(({ application }) => `${identifier(application.owner.name)} -> ${identifier(name)};`),
      ),
    ),
  )
  const lines = [
    'digraph G {',
    `rankdir=${rankdir};`,
    'concentrate=True;',
    `dpi=${dpi};`,
    'node [shape=record];',
    ...model.layers.map((layer) => `${identifier(layer.name)} [label=${quoted(labelOf(layer, options))}];`),
    ...edges,
    '}',
  ]
  return `${lines.join('\n')}\n`
}

/** A record's fields are parted by bars; braces turn the direction in which they follow each other. */
function labelOf(layer: ModelLayer, options: ParsedOptions): string {
  const { showShapes, showDtype, showLayerNames, showLayerActivations } = options
  const activation = activationOf(layer)
  let label = escaped(layer.layer.keras)
  if (showLayerActivations && activation !== undefined) label = `{${label}|${escaped(activation)}}`
  if (showLayerNames) label = `${escaped(layer.name)}|${label}`
  if (showDtype) label = `${label}|float32`
  if (showShapes) label = `{${label}}|{input:|output:}|{{${inputShapes(layer)}}|{${outputShapes(layer)}}}`
  return label
}

function activationOf({ layer: { keras, type, options } }: ModelLayer): string | undefined {
  const activation = keras === 'Activation' ? (options.function ?? type) : options.activation
  const parsed = activationKind.parse(activation, 'activation')
  return parsed === invalid ? undefined : describeActivation(parsed)
}

/** A layer that is applied to several shapes has no one shape to show. */
function outputShapes({ layer, applications }: ModelLayer): string {
  const shapes = new Set(applications.map(({ outputShape }) => kerasShape(layer.type, outputShape)))
  return shapes.size === 1 ? [...shapes].join('') : '?'
}

function inputShapes(layer: ModelLayer): string {
  if (layer.inputShapes.length === 0) return outputShapes(layer)
  const shapes = new Set(
    layer.applications.map(({ inputs }) => {
      const each = inputs.map(({ shape }) => formatShape(shape, { batch: true })).join(', ')
      return inputs.length === 1 ? each : `[${each}]`
    }),
  )
  return shapes.size === 1 ? [...shapes].join('') : 'multiple'
}

/** What parts a record's fields, taken literally. */
const escaped = (text: string): string => text.replace(/[{}|<> \\]/g, '\\$&')

/** A string of the DOT language. Its one escape is that of the quote. */
const quoted = (text: string): string => `"${text.replaceAll('"', '\\"')}"`

/** A node's identifier: backslashes in pairs, or one at the end would escape the quote. */
const identifier = (name: string): string => quoted(name.replaceAll('\\', '\\\\'))
