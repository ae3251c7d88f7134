import { fieldsOf, isOptionsObject, isUint8Array, matching, requireArguments, text } from '@convzoo/core/define'

/** A picture of a page. */
export interface Figure {
  /** A PNG. */
  readonly png: Uint8Array
  /** What it shows, in words. */
  readonly caption: string
}

export const figuresKind = matching(
  'a list of pictures, each { png, caption }',
  (given): given is readonly Figure[] =>
    Array.isArray(given) &&
    given.every((each) => {
      const { png, caption } = isOptionsObject(each) ? fieldsOf(each) : {}
      return isUint8Array(png) && typeof caption === 'string'
    }),
)

/** Text that stands in HTML. */
export const escaped = (text: string): string => text.replace(/[<>&"]/g, (letter) => `&#${letter.charCodeAt(0)};`)

/** Pictures one below the other: each as large as the page is wide, and in its pixels where it is chosen. `of` tells them apart in a page. */
export const figuresOf = (figures: readonly Figure[], of = 'figure'): string =>
  figures
    .map(({ png, caption }, index) => {
      const source = `data:image/png;base64,${Buffer.from(png).toString('base64')}`
      const id = `${of}-${index + 1}`
      return `<figure><input type="checkbox" id="${id}"><label for="${id}"><img src="${source}" alt="${escaped(caption)}"></label><figcaption>${escaped(caption)}</figcaption></figure>`
    })
    .join('\n')

/** What is said above pictures that can be chosen. */
export const howToChoose = '<p>Choose a picture to see its pixels, and again to see it whole.</p>'

/** A page in one file, which loads nothing. */
export function pageOf(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem }
figure { margin: 0 0 2rem; overflow: auto }
figure input { position: absolute; opacity: 0 }
figure img { max-width: 100%; min-width: min(100%, 20rem); image-rendering: pixelated; cursor: zoom-in }
figure input:checked + label img { max-width: none; min-width: 0; width: auto; zoom: 3; cursor: zoom-out }
figure input:focus-visible + label img { outline: 3px solid Highlight }
table { border-collapse: collapse; margin: 0 0 1rem }
th, td { padding: 0.2rem 0.8rem; border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); text-align: right }
th:first-child, td:first-child { text-align: left }
.scroll { overflow-x: auto }
.finding { border-left: 0.3rem solid; padding-left: 1rem; margin: 0 0 1rem }
.warning { border-color: #c4501b }
.note { border-color: #6b7f99 }
.finding h3, .finding p { margin: 0.2rem 0 }
</style>
<h1>${escaped(title)}</h1>
${body}
</html>
`
}

/** A page of pictures in one file, which loads nothing: each is shown as large as the page is wide, and in its pixels where it is chosen. */
export function figuresPage(title: string, figures: readonly Figure[]): string {
  requireArguments('figuresPage', { title: [text, title], figures: [figuresKind, figures] })
  return pageOf(title, `${howToChoose}\n${figuresOf(figures)}`)
}
