// What WebGPU needs of a machine: Vulkan's loader, and a driver that it finds. Containers often have NVIDIA's driver and not the file that
// tells of it.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { saidBy } from './process.mjs'

const folders = ['/etc/vulkan/icd.d', '/usr/share/vulkan/icd.d', '/usr/local/share/vulkan/icd.d']

/** Where clusters put NVIDIA's driver, and the loader does not look. */
const elsewhere = ['/usr/local/nvidia/share/vulkan/icd.d', '/usr/local/nvidia/vulkan/icd.d']
const drivers = ['libGLX_nvidia.so.0', 'libEGL_nvidia.so.0']

const described = (places) =>
  places.filter(existsSync).flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))

/**
 * The variables by which a process finds Vulkan, and what was done for it in words.
 *
 * @param bundled The folder of the loader that the bundle brings.
 * @param results Where a description of the driver is written if the machine has none.
 */
export async function vulkanOf(bundled, results) {
  const cached = (await saidBy('ldconfig', '-p')) ?? (await saidBy('/sbin/ldconfig', '-p')) ?? ''
  const env = { XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? '/tmp' }
  const said = []
  if (/libvulkan\.so\.1 /.test(cached)) said.push("the machine's own loader")
  else {
    env.LD_LIBRARY_PATH = [bundled, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':')
    said.push("the bundle's loader")
  }
  const named = process.env.VK_DRIVER_FILES ?? process.env.VK_ICD_FILENAMES
  const known = described(folders)
  const [other] = described(elsewhere)
  const driver = drivers.find((name) => cached.includes(name))
  if (named !== undefined) said.push(`the driver of ${named}, as the environment says`)
  else if (!known.some((path) => path.includes('nvidia')) && other !== undefined) {
    Object.assign(env, { VK_DRIVER_FILES: other, VK_ICD_FILENAMES: other })
    said.push(`the driver of ${other}, where the loader does not look`)
  } else if (known.some((path) => path.includes('nvidia')) || driver === undefined)
    said.push(`drivers: ${known.join(', ') || 'none'}`)
  else {
    const path = join(results, 'nvidia_icd.json')
    const description = { file_format_version: '1.0.1', ICD: { library_path: driver, api_version: '1.3.277' } }
    writeFileSync(path, JSON.stringify(description))
    Object.assign(env, { VK_DRIVER_FILES: path, VK_ICD_FILENAMES: path })
    said.push(`${driver}, of which nothing told: ${path} does`)
  }
  return { env, said: said.join('; ') }
}
