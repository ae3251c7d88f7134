/// <reference lib="dom" />

import { ShownChart } from './charts.js'
import { LiveClient } from './live-client.js'
import { made, number, part } from './made.js'
import type { LookParts, PageData, ProgressParts } from './page-data.js'
import { fixedSections, lookSections, section } from './sections.js'

const main = document.querySelector('main')
if (main === null) throw new Error('The page has no main part.')
const data: PageData = JSON.parse(document.querySelector('#data')?.textContent ?? '')

const states = { going: 'goes on', stopped: 'was stopped', finished: 'is finished' } as const

const state = made('p', { id: 'state' })
const look = made('div')
const charts = new Map<string, ShownChart>()

function tell({ state: now, steps, epochs, planned, last }: ProgressParts): void {
  const score =
    last === undefined
      ? ''
      : ` ${last.split} accuracy ${part(last.top1).text}, loss ${number(last.loss).text}, ${last.samples} images.`
  state.textContent = `The run ${states[now]}: ${epochs} of ${planned} epochs, ${steps} steps.${score}`
}

function showProgress(progress: ProgressParts): void {
  tell(progress)
  for (const chart of progress.charts) charts.get(chart.id)?.update(chart)
}

const showLook = (parts: LookParts): void => look.replaceChildren(...lookSections(parts))

for (const chart of data.progress.charts) charts.set(chart.id, new ShownChart(chart))
const figures = made('div', { className: 'charts' }, ...[...charts.values()].map(({ element }) => element))
tell(data.progress)
showLook(data.look)
main.append(
  state,
  ...(main.hasAttribute('data-live') ? [new LiveClient({ onProgress: showProgress, onLook: showLook }).element] : []),
  section('curves', 'Curves', figures),
  look,
  ...fixedSections(data.fixed),
)
for (const chart of charts.values()) chart.draw()

addEventListener('resize', () => {
  for (const chart of charts.values()) chart.fit()
})
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  for (const chart of charts.values()) chart.draw()
})
