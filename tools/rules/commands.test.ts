import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { kindsIn, programs } from './commands.js'
import { pagesIn } from './pages.js'
import { sourcesOf, treeOf } from './source.js'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

const pages = pagesIn(root)

/** The commands of a page: lines of its blocks for shells, and what stands in backquotes and starts with a program. */
function commandsOf(page: string): readonly string[] {
  const blocks = [...page.matchAll(/^ *```(?:sh|bash|shell|console)\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) =>
    block.split('\n').filter((line) => line.trim() !== ''),
  )
  const prose = page.replace(/^ *```[\s\S]*?^ *```/gm, '')
  const inline = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text)
  return [...blocks, ...inline.filter((text) => new RegExp(`^(?:[A-Z_]+=\\S+ )?${programs} `).test(text))]
}

/** Commands that a page gives without their variable besides, for Windows. */
const isGivenBothWays = (command: string, page: string): boolean => {
  const plain = command.replace(/^[A-Z_]+=\S+ +/, '')
  return plain !== command && page.includes(`\`${plain}\``) && kindsIn(plain).length === 0
}

const faultsOf = (page: string): string[] =>
  commandsOf(page)
    .filter((command) => !isGivenBothWays(command, page))
    .flatMap((command) => kindsIn(command).map((kind) => `${command.trim()}: ${kind}`))

/** The texts of a source: what an error may say. Parts that are filled in are a word. */
function textsOf(path: string, text: string): readonly string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) found.push(node.text)
    if (ts.isTemplateExpression(node)) {
      found.push([node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('word'))
    }
    ts.forEachChild(node, visit)
  }
  visit(treeOf({ path, text }))
  return found
}

const shipped = ['packages', 'apps']
  .flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`))
  .flatMap((folder) => sourcesOf(join(root, folder)).map((source) => ({ ...source, name: `${folder}/${source.name}` })))
  .filter(({ isTest, name }) => !isTest && !name.includes('/testing/'))

describe('commands that users are given', () => {
  it('work in cmd and PowerShell as well: in pages', () => {
    expect(pages.length).toBeGreaterThan(20)
    const found = pages.flatMap((path) =>
      faultsOf(readFileSync(join(root, path), 'utf8')).map((fault) => `${path}: ${fault}`),
    )
    expect(found).toEqual([])
  })

  it('work in cmd and PowerShell as well: in errors', () => {
    const found = shipped.flatMap(({ path, name, text }) =>
      textsOf(path, text)
        .filter((each) => new RegExp(`\\b${programs} `).test(each))
        .flatMap((each) => kindsIn(each).map((kind) => `${name}: ${each}: ${kind}`)),
    )
    expect(found).toEqual([])
  })

  it.each([
    ['MY_VARIABLE=1 npm install x', 1],
    ["pip install 'tensorflow[and-cuda]'", 1],
    ['npm install \\', 1],
    ['node $(which convzoo)', 1],
    ['npx convzoo list      # all', 1],
    ['mkdir ../elsewhere', 1],
    ['rm -rf runs', 1],
    ['npm create x y -- --yes', 1],
    ['npm run build && npm test', 1],
    ['npx convzoo predict runs/first "my pictures" --top 3', 0],
    ['npm install @convzoo/core', 0],
  ])('are told apart: %s', (command, count) => {
    expect(faultsOf(`\`\`\`sh\n${command}\n\`\`\`\n`)).toHaveLength(count)
  })

  it('may have a variable for Linux where they stand there without it too', () => {
    const block = '```sh\nMY_VARIABLE=1 npm install x\n```\n'
    expect(faultsOf(`${block}On Windows it is \`npm install x\`.`)).toEqual([])
    expect(faultsOf(`${block}On Windows it is \`npm install y\`.`)).toHaveLength(1)
  })
})
