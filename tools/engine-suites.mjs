// The results of the engine suite, by engine and device, as the last test runs left them; and the table of docs/engines.md made of them:
//
//   pnpm turbo test --filter=@convzoo/engine-onnx --filter=@convzoo/engine-tfjs && pnpm verify:tfjs-node && pnpm verify:webgpu && pnpm docs:engines
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))
const cache = 'node_modules/.cache/convzoo/tfjs-node'
const reports = [
  { engine: 'onnx', device: 'cpu', path: 'packages/engine-onnx/.vitest/results.json', title: 'onnx on cpu' },
  {
    engine: 'onnx',
    device: 'cuda',
    path: 'packages/engine-onnx/.vitest/results.json',
    title: 'onnx as for a GPU, on cpu',
  },
  { engine: 'tfjs', device: 'cpu', path: 'packages/engine-tfjs/.vitest/results.json' },
  { engine: 'tfjs', device: 'node', path: `${cache}/node.json` },
  { engine: 'tfjs', device: 'cuda', path: `${cache}/cuda.json` },
  { engine: 'tfjs', device: 'webgpu', path: 'node_modules/.cache/convzoo/webgpu/conformance.json' },
]

/**
 * How many tests of each part of the engine suite a vitest report has, and how many of them passed. Of a report with several suites the one
 * of a title, if that is given.
 */
export function summarizeReport(path, title) {
  const suites = new Map()
  const { testResults } = JSON.parse(readFileSync(path, 'utf8'))
  for (const { ancestorTitles, status } of testResults.flatMap(({ assertionResults }) => assertionResults)) {
    const [engine = '', part = ''] = ancestorTitles
    if (!(title === undefined ? engine.startsWith('engine ') : engine === `engine ${title}`)) continue
    // `training, SGDW clipped` is one of the variants of training; what belongs to no part is of the engine as a whole.
    const suite = part.split(',')[0] || 'whole'
    const { passed, total } = suites.get(suite) ?? { passed: 0, total: 0 }
    suites.set(suite, { passed: passed + (status === 'passed' ? 1 : 0), total: total + 1 })
  }
  return [...suites].map(([suite, counts]) => ({ suite, ...counts }))
}

/** What failed in a vitest report, each in a line: tests, and files that could not be run. */
export function failuresOf(path) {
  const { testResults } = JSON.parse(readFileSync(path, 'utf8'))
  return testResults.flatMap(({ message, assertionResults }) => [
    ...(message ? [message] : []),
    ...assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages = [] }) => `${fullName}: ${failureMessages[0]?.split('\n')[0] ?? ''}`),
  ])
}

/** A table of Markdown by its first two cells: what each row says under each heading. */
function rowsOf(text) {
  const [headings = [], , ...rows] = text
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
  return new Map(
    rows.map((cells) => [cells.slice(0, 2).join(' '), new Map(cells.map((cell, index) => [headings[index], cell]))]),
  )
}

/** The table anew. An engine whose suite has no report here keeps its row. */
export function table(former, found = reports) {
  const known = rowsOf(former)
  const rows = found.map(({ path, title, engine, device }) => {
    const suites = existsSync(join(root, path)) ? summarizeReport(join(root, path), title) : []
    const cells = new Map(suites.map(({ suite, passed, total }) => [suite, `${passed} of ${total}`]))
    const kept = suites.length === 0 ? known.get(`${engine} ${device}`) : undefined
    return { engine, device, isKept: suites.length === 0, cells: kept ?? cells }
  })
  const headings = [...known.values()].flatMap((cells) => [...cells.keys()].slice(2))
  const suites = [...new Set([...headings, ...rows.flatMap(({ cells, isKept }) => (isKept ? [] : [...cells.keys()]))])]
  const lines = rows.map(
    ({ engine, device, cells }) =>
      `| ${engine} | ${device} | ${suites.map((suite) => cells.get(suite) ?? 'not run').join(' | ')} |`,
  )
  return {
    kept: rows.filter(({ isKept }) => isKept).map(({ engine, device }) => `${engine} on ${device}`),
    text: [
      `| engine | device | ${suites.join(' | ')} |`,
      `| --- | --- | ${suites.map(() => '---').join(' | ')} |`,
      ...lines,
    ].join('\n'),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(root, 'docs/engines.md')
  const [begin, end] = ['<!-- engine suites: begin -->', '<!-- engine suites: end -->']
  const text = readFileSync(path, 'utf8')
  const [before = '', rest = ''] = text.split(begin)
  const [former = '', after = ''] = rest.split(end)
  const { kept, text: rows } = table(former)
  writeFileSync(path, `${before}${begin}\n${rows}\n${end}${after}`)
  if (kept.length > 0) console.log(`not run here, left as it was: ${kept.join(', ')}`)
}
