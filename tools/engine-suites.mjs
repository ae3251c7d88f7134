// The results of the engine suite, by engine and device, as the last test runs left them; and the table of docs/engines.md made of them:
//
//   pnpm turbo test --filter=@convzoo/engine-onnx --filter=@convzoo/engine-tfjs && pnpm verify:tfjs-node && pnpm verify:webgpu && pnpm docs:engines
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
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

function table() {
  const rows = reports.map(({ path, title, ...row }) => ({
    ...row,
    suites: existsSync(join(root, path)) ? summarizeReport(join(root, path), title) : [],
  }))
  const suites = [...new Set(rows.flatMap((row) => row.suites.map(({ suite }) => suite)))]
  const cell = (row, suite) => {
    const found = row.suites.find((each) => each.suite === suite)
    return found === undefined ? 'not run' : `${found.passed} of ${found.total}`
  }
  return [
    `| engine | device | ${suites.join(' | ')} |`,
    `| --- | --- | ${suites.map(() => '---').join(' | ')} |`,
    ...rows.map((row) => `| ${row.engine} | ${row.device} | ${suites.map((suite) => cell(row, suite)).join(' | ')} |`),
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = join(root, 'docs/engines.md')
  const [begin, end] = ['<!-- engine suites: begin -->', '<!-- engine suites: end -->']
  const text = readFileSync(path, 'utf8')
  const [before = '', rest = ''] = text.split(begin)
  writeFileSync(path, `${before}${begin}\n${table()}\n${end}${rest.split(end)[1] ?? ''}`)
}
