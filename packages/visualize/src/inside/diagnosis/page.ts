import { fieldsOf, isOptionsObject, matching, requireArguments, text } from '@convzoo/core/define'
import { escaped, type Figure, figuresKind, figuresOf, howToChoose, pageOf } from '../page.js'
import type { Diagnosis } from './diagnose.js'
import { type Finding, type FindingKind, type LayerDiagnosis, placesOf } from './findings.js'

/** A table of a page: its first row names the columns. */
export interface PageTable {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** A part of a page besides what was measured: words, a table, pictures. */
export interface PageSection {
  readonly heading: string
  readonly says?: string | undefined
  readonly table?: PageTable | undefined
  readonly figures?: readonly Figure[] | undefined
}

const diagnosisKind = matching('what diagnose gives', (given): given is Diagnosis => {
  const { findings, layers, aliasing } = isOptionsObject(given) ? fieldsOf(given) : {}
  return Array.isArray(findings) && Array.isArray(layers) && Array.isArray(aliasing)
})

const sectionsKind = matching(
  'a list of sections, each { heading, says, table, figures }',
  (given): given is readonly PageSection[] =>
    Array.isArray(given) &&
    given.every((each) => {
      const { heading, figures } = isOptionsObject(each) ? fieldsOf(each) : {}
      return typeof heading === 'string' && (figures === undefined || figuresKind.parse(figures, '') === figures)
    }),
)

/** What each kind of finding is called. */
const names: Readonly<Record<FindingKind, string>> = {
  'not-finite': 'Numbers that are not finite',
  'dead-units': 'Dead units',
  'saturated-units': 'Saturated units',
  'duplicate-filters': 'Filters that are there twice',
  aliasing: 'Strides that are too large',
  'small-gradient': 'Hardly any gradient',
  'large-gradient': 'A large gradient',
  'large-step': 'A large step',
  'standing-still': 'A layer that stands still',
}

/**
 * A sentence that says whether anything is wrong.
 *
 * @example
 * console.log(verdictOf(await diagnose(run, { dataset })))
 */
export function verdictOf(diagnosis: Pick<Diagnosis, 'findings' | 'layers' | 'aliasing'>): string {
  requireArguments('verdictOf', { diagnosis: [diagnosisKind, diagnosis] })
  const { findings } = diagnosis
  const warnings = findings.filter(({ severity }) => severity === 'warning').length
  const notes = findings.length - warnings
  const aside = notes === 0 ? '' : `; ${notes} ${notes === 1 ? 'thing is' : 'things are'} worth a look`
  if (warnings === 0) return `The network is healthy: nothing was found that should be mended${aside}.`
  return `${warnings} ${warnings === 1 ? 'thing' : 'things'} should be looked after${aside}.`
}

/** A page of a diagnosis in one file, which loads nothing: findings, a table of the layers, and what else there is to show. */
export function diagnosisPage(title: string, diagnosis: Diagnosis, sections: readonly PageSection[] = []): string {
  requireArguments('diagnosisPage', {
    title: [text, title],
    diagnosis: [diagnosisKind, diagnosis],
    sections: [sectionsKind, sections],
  })
  const { findings, layers, aliasing, samples } = diagnosis
  const first = aliasing.map(
    ({ layer, kernelSize, strides, share }) =>
      `<p>${escaped(layer)} sees pixels through windows of ${kernelSize.join('×')} with strides of ${strides.join('×')}: ${(100 * share).toFixed(1)} % of what its filters answer to is finer than the strides can hold.</p>`,
  )
  return pageOf(
    title,
    [
      `<p><strong>${escaped(verdictOf(diagnosis))}</strong> ${samples} images were looked at.</p>`,
      ...findings.map(findingOf),
      '<h2>Layers</h2>',
      tableOf(layerTable(layers, findings)),
      '<p>Gradient and step are Euclidean norms beside that of the weights: of the crossentropy without what decays weights, and of the way from the first checkpoint to the last, by its steps. – stands for what cannot be measured.</p>',
      ...first,
      howToChoose,
      ...sections.map(sectionOf),
    ].join('\n'),
  )
}

const findingOf = ({ kind, severity, says, advice }: Finding): string =>
  `<section class="finding ${severity}"><h3>${names[kind]}${severity === 'note' ? ' (a note)' : ''}</h3><p>${escaped(says)}</p><p><b>To try:</b> ${escaped(advice)}</p></section>`

const sectionOf = ({ heading, says, table, figures = [] }: PageSection, index: number): string =>
  [
    `<h2>${escaped(heading)}</h2>`,
    ...(says === undefined ? [] : [`<p>${escaped(says)}</p>`]),
    ...(table === undefined ? [] : [tableOf(table)]),
    figuresOf(figures, `section-${index + 1}`),
  ].join('\n')

const tableOf = ({ columns, rows }: PageTable): string => {
  const row = (cells: readonly string[], tag: 'th' | 'td'): string =>
    `<tr>${cells.map((cell) => `<${tag}${tag === 'th' ? ' scope="col"' : ''}>${escaped(cell)}</${tag}>`).join('')}</tr>`
  return `<div class="scroll" tabindex="0"><table><thead>${row(columns, 'th')}</thead><tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody></table></div>`
}

function layerTable(layers: readonly LayerDiagnosis[], findings: readonly Finding[]): PageTable {
  const ratio = (value: number | undefined): string => (value === undefined ? '–' : value.toExponential(1))
  const count = (layer: LayerDiagnosis, kind: FindingKind): string =>
    layer.statistics === undefined ? '–' : String(placesOf(findings, layer.layer, kind).length)
  return {
    columns: ['layer', 'units', 'fire at', 'dead', 'saturated', 'twice', 'gradient / weights', 'step / weights'],
    rows: layers.map((layer) => [
      layer.layer,
      String(layer.filters),
      firing(layer),
      count(layer, 'dead-units'),
      count(layer, 'saturated-units'),
      String(placesOf(findings, layer.layer, 'duplicate-filters').length),
      ratio(layer.gradientRatio),
      ratio(layer.updateRatio),
    ]),
  }
}

/** The part of the places at which rectified units are above 0, on average. */
function firing({ statistics }: LayerDiagnosis): string {
  if (statistics?.bounds !== 'rectified') return '–'
  const sum = statistics.firing.reduce((total, part) => total + part, 0)
  return `${((100 * sum) / statistics.units).toFixed(0)} %`
}
