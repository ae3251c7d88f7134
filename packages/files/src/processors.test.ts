import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { processors } from './processors.js'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'convzoo-processors-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** How many of 64 processors a system with these files leaves. */
function of64(files: Readonly<Record<string, string>>) {
  for (const [name, text] of Object.entries(files)) {
    const path = join(root, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  return processors({ root, schedulable: 64 })
}

const none = { count: 64, quota: undefined }

describe.skipIf(process.platform !== 'linux')('the processors of a process', () => {
  it.each<readonly [string, Readonly<Record<string, string>>, object]>([
    ['without control groups', {}, none],
    ['without a quota', { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': 'max 100000\n' }, none],
    [
      'in a container that sees its own group alone',
      { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '200000 100000\n' },
      { count: 2, quota: 2 },
    ],
    [
      'in a container that is told the path outside',
      { 'proc/self/cgroup': '0::/docker/7f3a\n', 'sys/fs/cgroup/cpu.max': '300000 100000\n' },
      { count: 3, quota: 3 },
    ],
    [
      'in a group whose parent has less',
      {
        'proc/self/cgroup': '0::/system.slice/convzoo.service\n',
        'sys/fs/cgroup/system.slice/cpu.max': '150000 50000\n',
        'sys/fs/cgroup/system.slice/convzoo.service/cpu.max': '800000 100000\n',
      },
      { count: 3, quota: 3 },
    ],
    [
      'in a group that is outside of what is shown',
      { 'proc/self/cgroup': '0::/../../batch\n', 'sys/fs/cgroup/cpu.max': '400000 100000\n' },
      { count: 4, quota: 4 },
    ],
    [
      'with a quota that is not whole',
      { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '250000 100000\n' },
      { count: 2, quota: 2.5 },
    ],
    [
      'with less than one',
      { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '20000 100000\n' },
      { count: 1, quota: 0.2 },
    ],
    [
      'with more than there are',
      { 'proc/self/cgroup': '0::/\n', 'sys/fs/cgroup/cpu.max': '9000000 100000\n' },
      { count: 64, quota: 90 },
    ],
    [
      'under version 1, with the path outside',
      {
        'proc/self/cgroup': '12:memory:/docker/7f3a\n4:cpu,cpuacct:/docker/7f3a\n1:name=systemd:/docker/7f3a\n',
        'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '500000\n',
        'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
      },
      { count: 5, quota: 5 },
    ],
    [
      'under version 1, mounted by one name',
      {
        'proc/self/cgroup': '4:cpuacct,cpu:/job\n',
        'sys/fs/cgroup/cpu/job/cpu.cfs_quota_us': '100000\n',
        'sys/fs/cgroup/cpu/job/cpu.cfs_period_us': '100000\n',
      },
      { count: 1, quota: 1 },
    ],
    [
      'under version 1 without a quota',
      {
        'proc/self/cgroup': '4:cpu,cpuacct:/\n',
        'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '-1\n',
        'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
      },
      none,
    ],
    [
      'where the kernel says what nobody knows',
      { 'proc/self/cgroup': 'nonsense\n0::/\n', 'sys/fs/cgroup/cpu.max': 'much\n' },
      none,
    ],
  ])('%s', (_, files, expected) => {
    expect(of64(files)).toEqual(expected)
  })

  it('are those of this machine by default', () => {
    expect(processors().count).toBeGreaterThanOrEqual(1)
  })
})
