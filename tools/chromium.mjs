// Chromium from Debian's packages, with what it needs beside what this machine has: fetched once, about 120 MB, and kept.
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { missingDebian, neededBy, unpackDebian } from './debian-packages.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const debian = join(root, 'node_modules/.cache/convzoo/browser/debian')

/** Why Chromium cannot be had here, or undefined. */
export function missingChromium() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return 'Chromium is taken from packages of Debian for Linux x64'
  }
  return missingDebian()
}

/** Options of playwright's `launch` that start it. */
export function chromiumOptions() {
  const executable = join(debian, 'root/usr/lib/chromium/chromium')
  if (!existsSync(executable)) {
    console.log("fetching Chromium from Debian's packages")
    rmSync(debian, { recursive: true, force: true })
    mkdirSync(debian, { recursive: true })
    unpackDebian(neededBy('chromium'), debian)
    for (const name of readdirSync(debian).filter((each) => each.endsWith('.deb'))) rmSync(join(debian, name))
  }
  const libraries = join(debian, 'root/usr/lib/x86_64-linux-gnu')
  const path = [libraries, join(libraries, 'pulseaudio'), process.env.LD_LIBRARY_PATH].filter(Boolean)
  return {
    executablePath: executable,
    env: { ...process.env, LD_LIBRARY_PATH: path.join(':') },
    args: ['--no-sandbox'],
  }
}
