import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The pages that users read, by their paths below a root. */
export function pagesIn(root: string, folder = ''): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (entry.isDirectory()) return isOfPages(path) ? pagesIn(root, path) : []
    return path.endsWith('.md') && entry.name !== 'CHANGELOG.md' ? [path] : []
  })
}

/** Changes and decisions are history, and the rest is made by programs. */
const isOfPages = (path: string): boolean =>
  !/(?:^|\/)(?:node_modules|dist|\.git|\.turbo|\.vitest)$|^\.changeset$|^docs\/(?:api|decisions)$/.test(path)
