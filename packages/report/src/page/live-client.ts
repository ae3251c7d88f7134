/// <reference lib="dom" />

import { made } from './made.js'
import type { LookParts, ProgressParts } from './page-data.js'

/** Who is told what comes from the server. */
export interface LiveListener {
  readonly onProgress: (progress: ProgressParts) => void
  readonly onLook: (look: LookParts) => void
}

/** The token that the page was opened with. */
const query = location.search

/** What can be asked of the run, and whether the server answers. */
export class LiveClient {
  readonly element: HTMLElement
  readonly #status = made('p', { className: 'quiet' })
  readonly #buttons: readonly HTMLButtonElement[]

  constructor({ onProgress, onLook }: LiveListener) {
    this.#status.setAttribute('role', 'status')
    this.#buttons = [
      this.#button('Stop after this step', 'stop', 'It stops after the step under way.'),
      this.#button('Write a checkpoint', 'checkpoint', 'A checkpoint is written after the step under way.'),
    ]
    this.element = made('div', {}, ...this.#buttons, this.#status)
    const source = new EventSource(`events${query}`)
    const heard = <T>(name: string, tell: (value: T) => void): void =>
      source.addEventListener(name, ({ data }) => tell(JSON.parse(String(data))))
    heard<ProgressParts>('progress', (progress) => {
      for (const button of this.#buttons) button.disabled = progress.state !== 'going'
      onProgress(progress)
    })
    heard('look', onLook)
    source.addEventListener('open', () => this.#say('Live.'))
    source.addEventListener('error', () => {
      for (const button of this.#buttons) button.disabled = true
      this.#say(
        'Nobody answers any more: what is shown is what was known last. The page goes on when it is answered again.',
      )
    })
  }

  #button(text: string, request: string, answer: string): HTMLButtonElement {
    const button = made('button', { type: 'button', disabled: true }, text)
    button.addEventListener('click', () => {
      button.disabled = true
      fetch(`${request}${query}`, { method: 'POST' }).then(
        ({ ok }) => {
          this.#say(ok ? answer : 'The run does not go on: there is nobody to ask.')
          button.disabled = request === 'stop'
        },
        () => this.#say('Nobody answers.'),
      )
    })
    return button
  }

  #say(text: string): void {
    if (this.#status.textContent !== text) this.#status.textContent = text
  }
}
