// docs/recipes.md, made of what was measured.

/** The recipes that the page has a column for. */
export const columns = ['modern', 'notebook', 'paper']

/** By how many points the default may stay below the best recipe of its row. */
const most = 2

const percent = (accuracy) => `${accuracy.toFixed(1)} %`

/** The rows of the default that is further below the best of its row than it may be; complete rows alone. */
export function rowsBelow(rows) {
  return rows.flatMap(({ id, data, cells }) => {
    const measured = cells.flatMap(({ result }) => result ?? [])
    const usual = measured.find(({ recipe }) => recipe === 'modern')
    if (usual === undefined || measured.length < cells.length) return []
    const below = Math.max(...measured.map(({ accuracy }) => accuracy)) - usual.accuracy
    return below > most ? [{ id, data, below }] : []
  })
}

function table(rows) {
  const cell = (cells, recipe) => {
    const found = cells.find((each) => each.recipe === recipe)
    if (found === undefined) return '–'
    return found.result === undefined ? 'not measured' : percent(found.result.accuracy)
  }
  return [
    `| tag | ${columns.join(' | ')} | input | images × epochs |`,
    `| --- |${columns.map(() => ' --- |').join('')} --- | --- |`,
    ...rows.map(({ id, cells, plan: { input, images, epochs } }) => {
      const figures = columns.map((recipe) => cell(cells, recipe))
      return `| \`${id}\` | ${figures.join(' | ')} | ${input.replaceAll('x', '×')} | ${images} × ${epochs} |`
    }),
  ].join('\n')
}

/** In words, whether the default keeps its promise. */
function verdict(rows) {
  const complete = rows.filter(({ cells }) => cells.every(({ result }) => result !== undefined))
  if (complete.length === 0) return 'No row is complete yet.'
  const below = rowsBelow(rows)
  const kept = `Of ${complete.length} complete rows \`modern\` is the best, or at most ${most} points below it, in ${complete.length - below.length}.`
  if (below.length === 0) return kept
  const named = below.map((row) => `\`${row.id}\` on ${row.data} (${row.below.toFixed(1)} points)`)
  return `${kept} It is further below with ${named.join(', ')}.`
}

/** The whole page, from rows of `{ id, data, plan, cells: [{ recipe, result }] }`. */
export function pageOf(rows) {
  const results = rows.flatMap(({ cells }) => cells.flatMap(({ result }) => result ?? []))
  const places = [...new Set(results.map(({ machine, date }) => `${machine}, ${date}`))]
  const sets = [...new Set(rows.map(({ data }) => data))]
  return [
    '# How the recipes fare',
    '',
    'A recipe says how a network is trained where nothing else is said: its optimizer, its learning rate, and with the papers its batches and epochs.',
    '`modern` is taken unless another is named; `notebook` is the compile call of the Keras notebook; `paper` is what the authors did, as far as they say.',
    'The papers’ own tags have a `modern` of their own where they start from weights that are smaller than today’s.',
    '',
    'Trainings are short and inputs small, so that all can be measured: the figures compare recipes, they are not what a network can reach. All',
    'recipes of a row see as many images in the same order, for as many epochs. A figure is the accuracy on images that were not trained on: 500 of the',
    'test set, and 75 of the photographs, which [bench/photographs.py](../bench/photographs.py) makes. One in ten is a guess with digits and clothes,',
    'one in five with photographs.',
    '',
    'A file of figures is beside the command: `pnpm bench:recipes` measures what `bench/recipes/results.json` lacks, and writes both anew after each.',
    '',
    verdict(rows),
    '',
    ...sets.flatMap((data) => [`## ${data}`, '', table(rows.filter((row) => row.data === data)), '']),
    `Measured on ${places.length === 0 ? 'no machine yet' : places.join('; ')}.`,
    '',
  ].join('\n')
}
