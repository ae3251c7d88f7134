// npm's `webgpu` in a folder of its own, and what it needs of a machine: Vulkan's loader, and where there is no GPU, SwiftShader. Fetched
// once, into the cache.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { unpackDebian } from './debian-packages.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** The project in which `webgpu` is installed. */
export const webgpuProject = join(root, 'node_modules/.cache/convzoo/webgpu')

const version = '0.6.2'
const vulkan = join(webgpuProject, 'vulkan')

/** The files of SwiftShader; the description of the driver names its library beside it. */
const driver = ['libvk_swiftshader.so', 'vk_swiftshader_icd.json']
const loader = 'libvulkan.so.1'

export function installWebgpu() {
  mkdirSync(webgpuProject, { recursive: true })
  writeFileSync(join(webgpuProject, 'package.json'), '{ "private": true }\n')
  if (existsSync(join(webgpuProject, 'node_modules/webgpu/package.json'))) return
  console.log(`installing webgpu ${version}`)
  const parameters = ['install', '--ignore-scripts', '--no-audit', '--no-fund', `webgpu@${version}`]
  const { status, stderr } = spawnSync('npm', parameters, {
    cwd: webgpuProject,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`webgpu cannot be installed: ${stderr}`)
}

/** Takes files out of a package of Debian that are not there yet. `take` is told where it is unpacked. */
function fromDebian(name, files, take) {
  if (files.every((file) => existsSync(join(vulkan, file)))) return
  console.log(`fetching ${files.join(' and ')} from Debian's package ${name}`)
  const work = join(webgpuProject, 'debian')
  for (const folder of [work, vulkan]) mkdirSync(folder, { recursive: true })
  take(unpackDebian([name], work))
  rmSync(work, { recursive: true, force: true })
}

/** Vulkan's loader: its path. */
export function vulkanLoader() {
  fromDebian('libvulkan1', [loader], (unpacked) => {
    const libraries = join(unpacked, 'usr/lib/x86_64-linux-gnu')
    const found = readdirSync(libraries).find((name) => /^libvulkan\.so\.1\.\d/.test(name))
    copyFileSync(join(libraries, found), join(vulkan, loader))
  })
  return join(vulkan, loader)
}

/** What Vulkan calls the description of SwiftShader, a driver that computes on the processor: its path. */
export function swiftShader() {
  fromDebian('chromium-common', driver, (unpacked) => {
    for (const name of driver) copyFileSync(join(unpacked, 'usr/lib/chromium', name), join(vulkan, name))
  })
  return join(vulkan, driver[1])
}

/** What has a process compute WebGPU in software. */
export function softwareGpu() {
  return {
    VK_ICD_FILENAMES: swiftShader(),
    LD_LIBRARY_PATH: [dirname(vulkanLoader()), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? '/tmp',
  }
}
