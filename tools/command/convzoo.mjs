#!/usr/bin/env node
// `pnpm convzoo …`: the command line of this checkout. A bin and not a script of package.json, since pnpm announces scripts on stdout;
// in a package of its own, since turbo hashes all that the root depends on into every task.
import { runCli } from '../build.mjs'

await runCli(process.argv.slice(2))
