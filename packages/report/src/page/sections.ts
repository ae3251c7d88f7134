/// <reference lib="dom" />

import type { StoredMistake } from '@convzoo/trainer'
import { folded, made, number, part, table } from './made.js'
import type { FixedParts, LookParts } from './page-data.js'

const pictureOf = (png: string, alt: string): HTMLImageElement =>
  made('img', { src: `data:image/png;base64,${png}`, alt })

function sheetOf(png: string): HTMLImageElement {
  const sheet = pictureOf(png, 'Augmented images of the data')
  sheet.className = 'sheet'
  return sheet
}

const card = ({ name, truth, predicted, probability, loss, png, maps }: StoredMistake): HTMLLIElement =>
  made(
    'li',
    maps === undefined ? {} : { className: 'wide' },
    maps === undefined
      ? pictureOf(png, `${name}, of the class ${truth}`)
      : pictureOf(
          maps,
          `${name}, of the class ${truth}; what spoke for ${predicted}, which it was taken for; what spoke for ${truth}`,
        ),
    made('p', {}, made('strong', {}, name)),
    made('p', {}, `is ${truth}, taken for ${predicted}: ${part(probability).text}, loss ${number(loss).text}`),
  )

/** What a look at images that are not trained on found. */
export function lookSections({ confusion, classes, confused, mistakes, filters }: LookParts): readonly HTMLElement[] {
  const inside =
    filters === undefined
      ? []
      : [
          section(
            'filters',
            'What the first layer looks for',
            made('p', {}, 'Its filters, each stretched from its least to its largest weight.'),
            pictureOf(filters, 'The filters of the first layer'),
          ),
        ]
  if (classes.length === 0)
    return [section('confusion', 'Confusion', made('p', {}, 'Nothing was validated or tested yet.')), ...inside]
  const matrix =
    confusion === undefined
      ? made('p', { className: 'quiet' }, `${classes.length} classes are too many for a table of their counts.`)
      : table(
          'Rows are true classes, columns predicted ones',
          ['class', ...confusion.classes],
          confusion.rows.map((row, truth) => [
            confusion.classes[truth] ?? '',
            ...row.map((count, column) => ({
              text: String(count),
              kind: count === 0 ? ('none' as const) : column === truth ? ('right' as const) : ('number' as const),
            })),
          ]),
        )
  const most = confused.map(({ truth, predicted, count }) => [truth, predicted, number(count)])
  const scores = classes.map(({ name, samples, precision, recall, f1 }) => [
    name,
    number(samples),
    part(precision),
    part(recall),
    part(f1),
  ])
  return [
    section(
      'confusion',
      'Confusion',
      matrix,
      ...(most.length === 0 ? [] : [table('The most frequent confusions', ['class', 'taken for', 'images'], most)]),
    ),
    section(
      'classes',
      'Classes',
      table('Scores of each class', ['class', 'images', 'precision', 'recall', 'F1'], scores),
    ),
    section(
      'mistakes',
      'Worst mistakes',
      mistakes.length === 0
        ? made('p', {}, 'There are none.')
        : made('ul', { className: 'cards' }, ...mistakes.map((each) => card(each))),
      ...(mistakes.some(({ maps }) => maps !== undefined)
        ? [made('p', {}, 'Beside each: what spoke for the class it was taken for, and what for its own.')]
        : []),
    ),
    ...inside,
  ]
}

/** What stays for a whole run. */
export function fixedSections(fixed: FixedParts): readonly HTMLElement[] {
  const { summary, picture, inputs, configuration, environment, repeat, resume, missing, title } = fixed
  const drawn =
    picture === undefined
      ? []
      : [
          folded('The network as a picture', () => {
            const image = made('img', { alt: `The layers of ${title}; the summary names them in words.` })
            image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture)}`
            return made('div', { className: 'paper', tabIndex: 0 }, image)
          }).element,
        ]
  const facts = (caption: string, list: FixedParts['configuration']): HTMLElement =>
    table(caption, ['setting', 'value'], list)
  return [
    ...(inputs === undefined
      ? []
      : [
          section(
            'inputs',
            'What the network sees',
            made('p', {}, `${inputs.images} images, a row each, as they come in ${inputs.epochs} epochs.`),
            sheetOf(inputs.png),
          ),
        ]),
    section('network', 'Network', ...(summary === undefined ? [] : [made('pre', { tabIndex: 0 }, summary)]), ...drawn),
    section('configuration', 'Configuration', facts('config.json', configuration)),
    section('environment', 'Environment', facts('environment.json', environment)),
    section(
      'commands',
      'Commands',
      made('p', {}, 'The same anew:'),
      made('pre', { tabIndex: 0 }, repeat),
      made('p', {}, 'Go on, where it was stopped:'),
      made('pre', { tabIndex: 0 }, resume),
      ...missing.map((line) => made('p', { className: 'quiet' }, line)),
    ),
  ]
}

export function section(id: string, title: string, ...children: readonly Node[]): HTMLElement {
  const head = made('h2', { id: `${id}-title` }, title)
  const element = made('section', { id }, head, ...children)
  element.setAttribute('aria-labelledby', head.id)
  return element
}
