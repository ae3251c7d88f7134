/// <reference lib="dom" />

import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { folded, made, number, part, table } from './made.js'
import type { Chart } from './page-data.js'

const height = 240

/** Rows of a table of numbers: more would not be read, and make the page slow. */
const mostRows = 2000

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** The colour that a variable of the style stands for now, light or dark. */
function shownColour(name: string): string {
  const probe = made('span')
  probe.style.color = `var(${name})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color || colour(name)
}

/** What stands beside a line of the grid: no more letters than it needs, and than there is room for. */
function tick(value: number, unit: Chart['unit']): string {
  if (unit === 'part') return `${Number((100 * value).toPrecision(4))} %`
  const rounded = Number(value.toPrecision(4))
  return rounded !== 0 && Math.abs(rounded) < 0.001 ? rounded.toExponential() : String(rounded)
}

/** Steps and epochs are whole. */
const wholeSteps = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat()

const shown = (value: number, unit: Chart['unit']): string => (unit === 'part' ? part(value) : number(value)).text

function optionsOf(chart: Chart, width: number): uPlot.Options {
  const [ink, grid] = [shownColour('--quiet'), shownColour('--grid')]
  const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } }
  const lines = chart.lines.map(({ name }, at) => ({
    label: name,
    stroke: shownColour(`--line-${at + 1}`),
    width: 1.5,
    spanGaps: true,
    points: { show: chart.places.length <= 60 },
    value: (_: uPlot, value: number | null) => (value === null ? '–' : shown(value, chart.unit)),
  }))
  return {
    width,
    height,
    scales: { x: { time: false } },
    axes: [
      { ...axis, label: chart.along, labelSize: 22, labelFont: '12px system-ui', incrs: wholeSteps },
      { ...axis, size: 70, values: (_, values) => values.map((value) => tick(value, chart.unit)) },
    ],
    series: [{ label: chart.along === 'steps' ? 'step' : 'epoch' }, ...lines],
    legend: { live: true },
  }
}

const dataOf = ({ places, lines }: Chart): uPlot.AlignedData => [[...places], ...lines.map(({ values }) => [...values])]

/** What a chart shows, in words. */
function saidOf({ title, along, unit, places, lines }: Chart): string {
  const ends = lines.map(({ name, values }) => {
    const last = values.findLast((value) => value !== null)
    return `${name} ${last === undefined || last === null ? 'not known yet' : `last ${shown(last, unit)}`}`
  })
  return `${title} over ${places.length === 0 ? 'no' : places.at(-1)} ${along}: ${ends.join(', ')}`
}

/** A chart with its numbers beside it. */
export class ShownChart {
  readonly element: HTMLElement
  readonly #place = made('div', { className: 'plot' })
  readonly #note = made('p', { className: 'quiet' })
  readonly #numbers: ReturnType<typeof folded>
  #chart: Chart
  #plot: uPlot | undefined

  constructor(chart: Chart) {
    this.#chart = chart
    this.#numbers = folded(`The numbers of ${chart.title.toLowerCase()}`, () => this.#table())
    this.#place.setAttribute('role', 'img')
    this.element = made(
      'figure',
      {},
      made('figcaption', {}, chart.title),
      this.#place,
      this.#note,
      this.#numbers.element,
    )
    this.element.id = `chart-${chart.id}`
  }

  /** Draws it anew: in other colours, or with other lines. */
  draw(): void {
    this.#plot?.destroy()
    this.#plot = new uPlot(optionsOf(this.#chart, this.#width), dataOf(this.#chart), this.#place)
    this.#tell()
  }

  update(chart: Chart): void {
    const isOther = chart.lines.length !== this.#chart.lines.length
    this.#chart = chart
    if (isOther || this.#plot === undefined) this.draw()
    else this.#plot.setData(dataOf(chart))
    this.#numbers.renew()
    this.#tell()
  }

  fit(): void {
    this.#plot?.setSize({ width: this.#width, height })
  }

  get #width(): number {
    return Math.max(200, this.#place.clientWidth)
  }

  #tell(): void {
    const { stretch } = this.#chart
    this.#place.setAttribute('aria-label', saidOf(this.#chart))
    this.#note.textContent = stretch === 1 ? '' : `Each point is the mean of ${stretch} steps.`
  }

  #table(): HTMLElement {
    const { title, along, unit, places, lines } = this.#chart
    const rows = places.map((place, at) => [
      String(place),
      ...lines.map(({ values }) => (unit === 'part' ? part(values[at]) : number(values[at], 6))),
    ])
    return table(title, [along === 'steps' ? 'step' : 'epoch', ...lines.map(({ name }) => name)], rows.slice(-mostRows))
  }
}
