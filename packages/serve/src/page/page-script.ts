/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** What the server says of a picture. */
type Answer =
  | { readonly top: readonly { readonly class: string; readonly probability: number }[] }
  | { readonly error: ServerError }

interface ServerError {
  readonly message: string
  readonly expected?: string
  readonly received?: string
  readonly hint?: string
}

/** Photographs that are sent at once. */
const atOnce = 4

/** Milliseconds before a photograph is sent again, and how often it is, where the server has its hands full. */
const pause = 1000
const attempts = 30

function found<E extends Element>(selector: string, kind: new () => E): E {
  const element = document.querySelector(selector)
  if (element instanceof kind) return element
  throw new Error(`The page has no ${selector}.`)
}

const files = found('#files', HTMLInputElement)
const results = found('#results', HTMLUListElement)
const title = found('#results-title', HTMLHeadingElement)
const status = found('#status', HTMLParagraphElement)

function made<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = Object.assign(document.createElement(name), properties)
  element.append(...children)
  return element
}

const percent = (part: number): string => `${(100 * part).toFixed(2)} %`

async function ask(file: File): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch('/predict', { method: 'POST', body: file })
    const answer: unknown = await response.json()
    if (response.ok && Array.isArray(answer)) return answer[0]
    if (response.status !== 503 || attempt === attempts) return Object(answer)
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/** The classes as a table, the most probable first. */
function tableOf(file: File, top: Extract<Answer, { top: unknown }>['top']): HTMLTableElement {
  const rows = top.map(({ class: name, probability }) => {
    const bar = made('meter', { value: probability, max: 1 })
    bar.setAttribute('aria-hidden', 'true')
    const value = made('td', {}, percent(probability))
    value.dataset.probability = String(probability)
    return made('tr', {}, made('th', { scope: 'row' }, name), made('td', { className: 'bar' }, bar), value)
  })
  const caption = made('caption', { className: 'hidden' }, `Classes of ${file.name}`)
  return made('table', {}, caption, made('tbody', {}, ...rows))
}

function wrongOf({ message, expected, received, hint }: ServerError): HTMLParagraphElement {
  const parts = [message, expected && `Expected: ${expected}.`, received && `Received: ${received}.`, hint]
  return made('p', { className: 'wrong' }, parts.filter(Boolean).join(' '))
}

function placeFor(file: File): HTMLLIElement {
  const picture = made('img', { alt: '' })
  const address = URL.createObjectURL(file)
  // A browser need not know every format that the server reads.
  const done = (): void => URL.revokeObjectURL(address)
  picture.addEventListener('load', done)
  picture.addEventListener('error', () => {
    done()
    picture.remove()
  })
  picture.src = address
  return made('li', {}, picture, made('h3', {}, file.name))
}

async function show(file: File, place: HTMLLIElement): Promise<void> {
  place.setAttribute('aria-busy', 'true')
  try {
    const answer = await ask(file)
    place.append('top' in answer ? tableOf(file, answer.top) : wrongOf(answer.error))
  } catch {
    place.append(wrongOf({ message: 'The server does not answer.' }))
  } finally {
    place.removeAttribute('aria-busy')
  }
}

let asked = 0
let answered = 0
const waiting: (() => Promise<void>)[] = []
let busy = 0

function tell(): void {
  const count = `${asked} ${asked === 1 ? 'photograph' : 'photographs'}`
  status.textContent = answered < asked ? `${answered} of ${count} answered …` : `${count} answered.`
}

async function work(): Promise<void> {
  if (busy >= atOnce) return
  busy++
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    await next()
    answered++
    tell()
  }
  busy--
}

function take(list: Iterable<File>): void {
  for (const file of list) {
    const place = placeFor(file)
    results.prepend(place)
    waiting.push(() => show(file, place))
    asked++
  }
  title.hidden = asked === 0
  if (asked > 0) tell()
  for (let worker = 0; worker < atOnce; worker++) void work()
}

files.addEventListener('change', () => {
  take([...(files.files ?? [])])
  // The same photograph may be chosen again.
  files.value = ''
})
document.addEventListener('dragover', (event) => {
  event.preventDefault()
  document.body.classList.add('over')
})
document.addEventListener('dragleave', ({ relatedTarget }) => {
  if (relatedTarget === null) document.body.classList.remove('over')
})
document.addEventListener('drop', (event) => {
  event.preventDefault()
  document.body.classList.remove('over')
  take([...(event.dataTransfer?.files ?? [])])
})
document.addEventListener('paste', ({ clipboardData }) => take([...(clipboardData?.files ?? [])]))
