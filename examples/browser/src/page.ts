import { ConvzooError } from '@convzoo/core'
import { drawCurves, type Point } from './curves.js'
import { fetchDigits } from './digits.js'
import { runConfig } from './run-config.js'
import { settingsOf } from './settings.js'
import { Training } from './training.js'

function element<E extends HTMLElement>(id: string, type: new () => E): E {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new Error(`The page has no ${id}.`)
  return found
}

const canvas = element('curves', HTMLCanvasElement)
const log = element('log', HTMLPreElement)
const resume = element('resume', HTMLInputElement)
const buttons = {
  start: element('start', HTMLButtonElement),
  stop: element('stop', HTMLButtonElement),
  save: element('save', HTMLButtonElement),
  config: element('config', HTMLButtonElement),
}

type State = 'ready' | 'training' | 'stopped' | 'finished' | 'failed'

function show(state: State, words: string): void {
  element('state', HTMLParagraphElement).textContent = words
  const idle = state !== 'training' && state !== 'failed'
  for (const button of [buttons.start, buttons.save, buttons.config, resume]) button.disabled = !idle
  buttons.stop.disabled = state !== 'training'
  document.body.dataset.state = state
}

function fail(error: unknown): void {
  const words = ConvzooError.isInstance(error) || error instanceof Error ? error.message : String(error)
  log.append(`${words}\n`)
  show('failed', words.split('\n')[0] ?? words)
}

function download(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

async function open(): Promise<void> {
  const settings = settingsOf(new URLSearchParams(location.search))
  const digits = await fetchDigits([settings.side, settings.side, 1])
  const points: Point[] = []
  const training = new Training(settings, digits, ({ step, loss }, accuracy) => {
    points.push({ loss, accuracy })
    log.append(`step ${step} | loss ${loss.toPrecision(9)}\n`)
    drawCurves(canvas, points, training.steps)
  })
  const at = (): string => `step ${training.step} of ${training.steps}`

  const start = async (): Promise<void> => {
    show('training', 'Training …')
    const accuracy = await training.run()
    if (accuracy === undefined) show('stopped', `Stopped at ${at()}. ${training.description}`)
    else
      show(
        'finished',
        `${(100 * accuracy).toFixed(1)} % of ${digits.test.length} digits known. ${training.description}`,
      )
  }
  const load = async (): Promise<void> => {
    const file = resume.files?.[0]
    if (file === undefined) return
    await training.load(file)
    points.length = 0
    show('ready', `${file.name}: ${at()}.`)
  }
  const save = async (): Promise<void> => {
    const file = await training.save()
    download(file, file.name)
  }
  buttons.start.onclick = () => start().catch(fail)
  buttons.stop.onclick = () => training.stop()
  buttons.save.onclick = () => save().catch(fail)
  buttons.config.onclick = () =>
    download(new Blob([JSON.stringify(runConfig(settings, digits), null, 2)]), 'config.json')
  resume.onchange = () => load().catch(fail)
  show('ready', `${digits.train.length} digits to train on, ${digits.test.length} to test on.`)
}

open().catch(fail)
