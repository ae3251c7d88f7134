/// <reference lib="dom" />

type Child = Node | string

/** An element. What is said in it is text, whatever it looks like. */
export function made<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = Object.assign(document.createElement(name), properties)
  element.append(...children)
  return element
}

/** A cell of a table. */
export interface Cell {
  readonly text: string
  /** Set to the right, and bold where it is what should be. */
  readonly kind?: 'number' | 'right' | 'none'
}

export const number = (value: number | null | undefined, digits = 4): Cell =>
  value === null || value === undefined
    ? { text: '–', kind: 'number' }
    : { text: Number.isInteger(value) ? String(value) : value.toPrecision(digits), kind: 'number' }

export const part = (value: number | null | undefined): Cell =>
  value === null || value === undefined
    ? { text: '–', kind: 'number' }
    : { text: `${(100 * value).toFixed(2)} %`, kind: 'number' }

const classOf = (kind: Cell['kind']): string =>
  kind === undefined ? '' : kind === 'number' ? 'number' : `number ${kind}`

/** A table whose first column names its rows; it scrolls by keyboard, too. */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly (Cell | string)[])[],
): HTMLElement {
  // A column is what its first cell is.
  const isNumber = (at: number): boolean => {
    const cell = rows[0]?.[at]
    return typeof cell === 'object' && cell.kind !== undefined
  }
  const header = made(
    'tr',
    {},
    ...head.map((text, at) => made('th', { scope: 'col', className: isNumber(at) ? 'number' : '' }, text)),
  )
  const body = rows.map(([first = '', ...others]) => {
    const cells = others.map((each) => {
      const { text, kind = undefined } = typeof each === 'string' ? { text: each } : each
      return made('td', { className: classOf(kind) }, text)
    })
    return made('tr', {}, made('th', { scope: 'row' }, typeof first === 'string' ? first : first.text), ...cells)
  })
  const whole = made('table', {}, made('caption', {}, caption), made('thead', {}, header), made('tbody', {}, ...body))
  const scroll = made('div', { className: 'scroll', tabIndex: 0 }, whole)
  scroll.setAttribute('role', 'region')
  scroll.setAttribute('aria-label', caption)
  return scroll
}

/** What is shown when it is asked for. Made then, and made anew when its content changes while it is open. */
export function folded(
  title: string,
  content: () => Node,
): { readonly element: HTMLDetailsElement; readonly renew: () => void } {
  const inside = made('div')
  const element = made('details', {}, made('summary', {}, title), inside)
  const renew = (): void => {
    if (element.open) inside.replaceChildren(content())
  }
  element.addEventListener('toggle', renew)
  return { element, renew }
}
