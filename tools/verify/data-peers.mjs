// Our batches of photographs beside torchvision's ImageFolder and PyTorch's DataLoader, on photographs cropped from Debian's wallpapers.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { missingDebian, unpackDebian } from '../debian-packages.mjs'

const python = process.env.CONVZOO_PYTHON ?? 'python3'
const wallpapers = [
  'lomiri-wallpapers-16.04',
  'lomiri-wallpapers-20.04',
  'mate-backgrounds',
  'plasma-workspace-wallpapers',
]

export function missing() {
  const { status } = spawnSync(python, ['-c', 'import torch, torchvision, PIL'])
  if (status !== 0) return `${python} has no torchvision; CONVZOO_PYTHON names one that has`
  return missingDebian()
}

export async function run() {
  const { compare } = await import('../../bench/data/compare.mjs')
  const folder = mkdtempSync(join(tmpdir(), 'convzoo-photographs-'))
  try {
    const root = unpackDebian(wallpapers, folder)
    const photographs = join(folder, 'photographs')
    const script = fileURLToPath(new URL('../../bench/data/photographs.mjs', import.meta.url))
    const made = spawnSync(process.execPath, [script, '--from', root, '--output', photographs, '--count', '2000'])
    if (made.status !== 0) throw new Error(String(made.stderr))
    const results = compare({ folder: photographs, python, images: 600, rounds: 5 })
    console.log(JSON.stringify(results, null, 2))
    for (const [mode, result] of Object.entries(results)) {
      const { convzoo, ratio, waitedPart } = result
      if (ratio < 1.3) throw new Error(`${mode}: ${ratio.toFixed(2)} times the DataLoader's rate, less than 1.3`)
      if (convzoo.megabytes > result['DataLoader, 1 worker'].megabytes) throw new Error(`${mode}: more memory`)
      if (waitedPart > 0.02) throw new Error(`${mode}: a consumer at 80 % waits ${(100 * waitedPart).toFixed(1)} %`)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
