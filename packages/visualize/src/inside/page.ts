import { fieldsOf, isOptionsObject, isUint8Array, matching, requireArguments, text } from '@convzoo/core/define'

/** A picture of a page. */
export interface Figure {
  /** A PNG. */
  readonly png: Uint8Array
  /** What it shows, in words. */
  readonly caption: string
}

const figuresKind = matching(
  'a list of pictures, each { png, caption }',
  (given): given is readonly Figure[] =>
    Array.isArray(given) &&
    given.every((each) => {
      const { png, caption } = isOptionsObject(each) ? fieldsOf(each) : {}
      return isUint8Array(png) && typeof caption === 'string'
    }),
)

const escaped = (text: string): string => text.replace(/[<>&"]/g, (letter) => `&#${letter.charCodeAt(0)};`)

/** A page of pictures in one file, which loads nothing: each is shown as large as the page is wide, and in its pixels where it is chosen. */
export function figuresPage(title: string, figures: readonly Figure[]): string {
  requireArguments('figuresPage', { title: [text, title], figures: [figuresKind, figures] })
  const shown = figures.map(({ png, caption }, index) => {
    const source = `data:image/png;base64,${Buffer.from(png).toString('base64')}`
    const id = `figure-${index + 1}`
    return `<figure><input type="checkbox" id="${id}"><label for="${id}"><img src="${source}" alt="${escaped(caption)}"></label><figcaption>${escaped(caption)}</figcaption></figure>`
  })
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
</style>
<h1>${escaped(title)}</h1>
<p>Choose a picture to see its pixels, and again to see it whole.</p>
${shown.join('\n')}
</html>
`
}
