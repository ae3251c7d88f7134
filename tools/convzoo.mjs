#!/usr/bin/env node
// `pnpm convzoo …`: the command line of this checkout. A bin and not a script of package.json, since pnpm announces scripts on stdout.
import { runCli } from './build.mjs'

await runCli(process.argv.slice(2))
