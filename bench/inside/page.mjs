// The parts of docs/inside.md that are made of what was measured: the table beside Captum, and the networks of the gallery.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const page = new URL('../../docs/inside.md', import.meta.url)
const read = (name) => {
  const path = new URL(name, import.meta.url)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/** Puts text between the two marks of a part. */
function filled(text, part, content) {
  const [begin, end] = [`<!-- ${part} -->`, `<!-- end of ${part} -->`]
  const [before, rest] = text.split(begin)
  const [, after] = rest?.split(end) ?? []
  if (after === undefined) throw new Error(`docs/inside.md has no part ${part}.`)
  return `${before}${begin}\n${content}\n${end}${after}`
}

function benchTable() {
  const results = read('results.json')
  if (results === undefined) return 'Not measured.'
  const { date, machine, images, batchSize, samples, steps, square, stride, rows } = results
  const cells = rows.map(({ method, ours, captum, way, ratio }) => {
    const told = ({ seconds, peak }) => `${seconds.toFixed(1)} s | ${Math.round(peak / 1e6)} MB`
    return `| \`${method}\` | ${told(ours)} | ${told(captum)} (${way}) | ${ratio.toFixed(2)} |`
  })
  return [
    `${images} images, ${batchSize} at a time; ${samples} copies of smooth-grad, ${steps} steps of integrated-gradients, a square of ${square} pixels every ${stride} that occludes. The best round of each, in turns, with the network in memory and the first look behind it, and of Captum the better of plain and channels last. ${machine}, ${date}, by \`pnpm bench:inside\`.`,
    '',
    '| method | convzoo | memory | Captum | memory | times as fast |',
    '| --- | --- | --- | --- | --- | --- |',
    ...cells,
  ].join('\n')
}

/** What is shown of each network: its first filters, and its five convolutions. */
const shown = {
  filters: 'filters of conv1',
  conv2d: 'conv1',
  conv2d_1: 'conv2',
  conv2d_2: 'conv3',
  conv2d_3: 'conv4',
  conv2d_4: 'conv5',
}

function galleryTable() {
  const made = read('gallery.json')
  if (made === undefined) return 'Not made.'
  const { date, machine, trained } = made
  const names = [...new Set(trained.map(({ name }) => name))]
  const tables = [...new Set(trained.map((each) => each.of))].flatMap((of) => [
    `### On ${of}`,
    '',
    `| | ${names.join(' | ')} |`,
    `| --- | ${names.map(() => '---').join(' | ')} |`,
    ...Object.entries(shown).map(([file, what]) => {
      const pictures = names.map((name) => `![${what} of ${name}, on ${of}](gallery/${name}-${of}-${file}.webp)`)
      return `| ${what} | ${pictures.join(' | ')} |`
    }),
    '',
  ])
  return [
    ...trained.map(
      ({ name, of, accuracy, images, command }) =>
        `- ${name} on ${of}: ${(100 * accuracy).toFixed(1)} % of ${images} images, \`${command}\``,
    ),
    '',
    `${machine}, ${date}, by \`pnpm gallery\`.`,
    '',
    ...tables,
  ].join('\n')
}

/** Writes the page with what is known. */
export function writePage() {
  const text = readFileSync(page, 'utf8')
  writeFileSync(page, filled(filled(text, 'bench', benchTable()), 'gallery', galleryTable()))
}
