// A home, a cache folder and a temporary folder of a process's own, in which a test sees what that process leaves there.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

/** What a process needs on any system, and nothing that says of it that it runs in continuous integration, where libraries keep quiet. */
const needed = ['PATH', 'Path', 'SystemRoot', 'LD_LIBRARY_PATH']

export class OtherHome {
  readonly folder = mkdtempSync(join(tmpdir(), 'convzoo-home-'))

  constructor() {
    for (const name of ['home', 'cache', 'temporary', 'work']) mkdirSync(join(this.folder, name))
  }

  /** Where the process starts. */
  get work(): string {
    return join(this.folder, 'work')
  }

  /** The whole environment of the process. */
  environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    const at = (name: string): string => join(this.folder, name)
    const kept = needed.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))
    return {
      ...Object.fromEntries(kept),
      HOME: at('home'),
      USERPROFILE: at('home'),
      XDG_CACHE_HOME: at('cache'),
      LOCALAPPDATA: at('cache'),
      TMPDIR: at('temporary'),
      TEMP: at('temporary'),
      TMP: at('temporary'),
      ...more,
    }
  }

  /** Every file that is there now. */
  files(): string[] {
    const walk = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name)
        return entry.isDirectory() ? walk(path) : [relative(this.folder, path).replaceAll('\\', '/')]
      })
    return walk(this.folder)
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
