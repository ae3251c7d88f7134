import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { activation, concatenate, conv2d, dense, flatten, input } from '../layers/index.js'
import { createNameScope, functionalModel, type SymbolicTensor } from '../model/index.js'
import { alexnet, twoTower } from '../testing/networks.js'
import { type PlotOptions, renderDot } from './dot.js'

/** The notebook's two-tower network, built after its AlexNet. */
function twoTowerModel() {
  const images = input({ shape: [227, 227, 3], scope: createNameScope() })
  alexnet(images)
  return functionalModel({ inputs: images, output: twoTower(images) })
}

const nodesOf = (dot: string) =>
  [...dot.matchAll(/^"(.*)" \[label="(.*)"\];$/gm)].map(([, name, label]) => [name, label])
const edgesOf = (dot: string) => [...dot.matchAll(/^"(.*)" -> "(.*)";$/gm)].map(([, from, to]) => `${from} -> ${to}`)

/** The label of the last layer of a network on an image of 4×4. */
function lastLabel(build: (x: SymbolicTensor) => SymbolicTensor, options: PlotOptions): string | undefined {
  const images = input({ shape: [4, 4, 2] })
  return nodesOf(renderDot(functionalModel({ inputs: images, output: build(images) }), options)).at(-1)?.[1]
}

describe('renderDot', () => {
  it('has a node for each layer and an edge for each connection of the summary that Keras prints', () => {
    const dot = renderDot(twoTowerModel(), { rankdir: 'LR', showShapes: true })
    const printed = readFileSync(new URL('../summary/fixtures/alexnet-twotower.txt', import.meta.url), 'utf8')
    // A row's first line starts with its layer; lines that begin with blanks go on with its connections.
    const names: string[] = []
    const edges: string[] = []
    for (const line of printed.split('\n')) {
      const name = /^ (\w+) \([A-Z]\w+\)/.exec(line)?.[1]
      if (name !== undefined) names.push(name)
      for (const [, source] of line.matchAll(/'(\w+)\[0\]\[0\]'/g)) edges.push(`${source} -> ${names.at(-1)}`)
    }
    expect([names.length, edges.length]).toEqual([29, 35])
    expect(nodesOf(dot).map(([name]) => name)).toEqual(names)
    expect(edgesOf(dot)).toEqual(edges)
  })

  it('labels nodes as plot_model does with shapes', () => {
    const labels = new Map(
      nodesOf(renderDot(twoTowerModel(), { showShapes: true })).map(([name, label]) => [name, label]),
    )
    expect(labels.get('conv2d_5')).toBe(
      '{conv2d_5|Conv2D}|{input:|output:}|{{(None, 227, 227, 3)}|{(None, 55, 55, 48)}}',
    )
    expect(labels.get('input_1')).toBe(
      '{input_1|InputLayer}|{input:|output:}|{{[(None, 227, 227, 3)]}|{[(None, 227, 227, 3)]}}',
    )
    expect(labels.get('concatenate')).toBe(
      '{concatenate|Concatenate}|{input:|output:}|{{[(None, 27, 27, 128), (None, 27, 27, 128)]}|{(None, 27, 27, 256)}}',
    )
    expect(labels.get('flatten_1')).toBe('{flatten_1|Flatten}|{input:|output:}|{{(None, 13, 13, 128)}|{(None, 21632)}}')
  })

  // From Keras 2.9: L is the class; {L|activation}; name|L; L|dtype; {L}|{input:|output:}|{{in}|{out}}.
  it.each([
    [{}, 'conv2d|Conv2D'],
    [{ showLayerNames: false }, 'Conv2D'],
    [{ showDtype: true }, 'conv2d|Conv2D|float32'],
    [{ showLayerActivations: true }, 'conv2d|{Conv2D|relu}'],
    [{ showLayerActivations: true, showLayerNames: false, showDtype: true }, '{Conv2D|relu}|float32'],
    [
      { showLayerActivations: true, showDtype: true, showShapes: true },
      '{conv2d|{Conv2D|relu}|float32}|{input:|output:}|{{(None, 4, 4, 2)}|{(None, 4, 4, 3)}}',
    ],
  ] as const)('with %o labels a convolution %s', (options, label) => {
    expect(lastLabel(conv2d({ filters: 3, kernelSize: 1, activation: 'relu' }), options)).toBe(label)
  })

  it('shows an activation where a layer has one, linear too', () => {
    const options = { showLayerActivations: true, showLayerNames: false }
    expect(lastLabel(conv2d({ filters: 1, kernelSize: 1 }), options)).toBe('{Conv2D|linear}')
    expect(lastLabel(activation({ function: 'tanh' }), options)).toBe('{Activation|tanh}')
    expect(lastLabel(flatten(), options)).toBe('Flatten')
  })

  it('sets what plot_model sets for the whole graph', () => {
    const images = input({ shape: [4] })
    const model = functionalModel({ inputs: images, output: dense({ units: 1 })(images) })
    const head = (options: PlotOptions) => renderDot(model, options).split('\n').slice(0, 5)
    expect(head({})).toEqual(['digraph G {', 'rankdir=TB;', 'concentrate=True;', 'dpi=96;', 'node [shape=record];'])
    expect(head({ rankdir: 'LR', dpi: 72 }).slice(1, 4)).toEqual(['rankdir=LR;', 'concentrate=True;', 'dpi=72;'])
  })

  it('draws one edge where a layer takes the same tensor twice, and takes any name literally', () => {
    const images = input({ shape: [4], name: 'a "b"|{c}\\' })
    const dot = renderDot(functionalModel({ inputs: images, output: concatenate()([images, images]) }))
    expect(edgesOf(dot)).toEqual(['a \\"b\\"|{c}\\\\ -> concatenate'])
    expect(nodesOf(dot)[0]?.[1]).toBe('a\\ \\"b\\"\\|\\{c\\}\\\\|InputLayer')
  })

  it('says that a layer shared by several shapes has no one shape', () => {
    const scope = createNameScope()
    const shared = conv2d({ filters: 2, kernelSize: 1 })
    const inputs = [input({ shape: [2, 2, 1], scope }), input({ shape: [3, 3, 1], scope })]
    const rows = inputs.map((images) => flatten()(shared(images)))
    const dot = renderDot(functionalModel({ inputs, output: concatenate()(rows) }), { showShapes: true })
    expect(new Map(nodesOf(dot).map(([name, label]) => [name, label])).get('conv2d')).toBe(
      '{conv2d|Conv2D}|{input:|output:}|{{multiple}|{?}}',
    )
  })
})
