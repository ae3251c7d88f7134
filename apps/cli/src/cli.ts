#!/usr/bin/env node
import { createRequire } from 'node:module'

// Nothing else is imported here: an older Node ends in the middle of what the program imports, and does not say why.
const manifest: { readonly engines: { readonly node: string } } = createRequire(import.meta.url)('../package.json')
const oldest = manifest.engines.node.replace('>=', '')

/** Whether a version comes before another one. */
function isBefore(version: string, other: string): boolean {
  const parts = (text: string): number[] => text.split('.').map(Number)
  const [mine, theirs] = [parts(version), parts(other)]
  const differing = mine.findIndex((part, index) => part !== theirs[index])
  return differing >= 0 && Number(mine[differing]) < Number(theirs[differing])
}

if (isBefore(process.versions.node, oldest)) {
  process.stderr.write(
    `error: convzoo does not run on this version of Node.\n  expected: ${oldest} or later\n  received: ${process.versions.node}\n` +
      '  hint: install a current Node, or run it by one: npx -p node@22 -p convzoo convzoo\n',
  )
  process.exitCode = 2
} else {
  await import('./program.js')
}
