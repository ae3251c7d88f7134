import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Where a package of this workspace is. */
export const folderOf = (name: string): string =>
  dirname(createRequire(import.meta.url).resolve(`${name}/package.json`))

/** A project of a user in a folder of its own, with packages installed. */
export class Project implements Disposable {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'convzoo-plugins-')))

  constructor(dependencies: readonly string[]) {
    this.write('package.json', {
      name: 'user',
      dependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])),
    })
  }

  write(path: string, content: string | object): void {
    const file = join(this.folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content))
  }

  /** Installs a package made of a manifest and the text of its entry. */
  install(name: string, manifest: object, entry = ''): void {
    this.write(`node_modules/${name}/package.json`, {
      name,
      version: '1.0.0',
      type: 'module',
      exports: { import: './main.js' },
      ...manifest,
    })
    this.write(`node_modules/${name}/main.js`, entry)
  }

  /** Links a folder as `node_modules/<name>`, as a workspace does. */
  link(name: string, folder: string): void {
    const place = join(this.folder, 'node_modules', name)
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(folder, place, 'junction')
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 9 })
  }
}

/** The entry of a plugin that registers a small network. */
export const registering = (name: string, packageName: string, specification = 'architecture/v1'): string => `
  import { dense, flatten, register } from '@convzoo/core'
  register({
    specification: '${specification}',
    package: { name: '${packageName}', version: '1.0.0' },
    name: '${name}',
    title: 'Small',
    paper: { title: 'Small', authors: ['A. Author'], year: 2000, url: 'https://example.org/' },
    tags: {
      only: {
        defaults: { input: [4, 4, 1], classes: 3 },
        preprocessing: { resize: 'bilinear', mean: [0], standardDeviation: [1] },
        build: ({ input, classes }) => dense({ units: classes })(flatten()(input)),
      },
    },
  })
`
