import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { posix } from 'node:path'

/** The processors that a process may use, and what bounds them. */
export interface Processors {
  /** How many threads may run at the same time; at least 1. */
  readonly count: number
  /** Processors' worth of time that a quota leaves it, `1.5` for one and a half; undefined without one. */
  readonly quota: number | undefined
}

export interface ProcessorsOptions {
  /** Where the system's own folders are, for tests; `/` by default. */
  readonly root?: string
  /** Processors that the process may be scheduled on, for tests; what Node says by default. */
  readonly schedulable?: number
}

/**
 * How many processors this process may use: those that it is scheduled on, and no more than a container's quota of their time, in whole
 * ones. Node 20 knows nothing of quotas, and later versions know some of them; so the same container gives the same number on each.
 *
 * @example
 * const { count } = processors() // 2 in `docker run --cpus 2.5` on a machine of 64
 */
export function processors({ root = '/', schedulable = availableParallelism() }: ProcessorsOptions = {}): Processors {
  const quota = process.platform === 'linux' ? smallestQuota(root) : undefined
  return { count: Math.max(1, Math.min(schedulable, Math.floor(quota ?? schedulable))), quota }
}

/** A group of processes is bounded by its own quota and by those of all groups that it is in. */
function smallestQuota(root: string): number | undefined {
  const quotas = groupsOf(root).flatMap(({ mount, group, read }) =>
    upwards(group).flatMap((folder) => read(posix.join(mount, folder)) ?? []),
  )
  return quotas.length === 0 ? undefined : Math.min(...quotas)
}

interface Group {
  readonly mount: string
  /** Below the mount. In a container it may be the path outside, which is not there: then the mount is the group itself. */
  readonly group: string
  readonly read: (folder: string) => number | undefined
}

/** The groups that this process is in: one of version 2, and one of version 1 that counts the time of processors. */
function groupsOf(root: string): readonly Group[] {
  const lines = textOf(posix.join(root, 'proc/self/cgroup'))?.split('\n') ?? []
  return lines.flatMap((line): Group[] => {
    const [, controllers, group] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? []
    if (controllers === undefined || group === undefined) return []
    const folder = posix.join(root, 'sys/fs/cgroup')
    // Version 2 beside version 1 is mounted in a folder of its own.
    if (controllers === '') {
      return [folder, posix.join(folder, 'unified')].map((mount) => ({ mount, group, read: readSecond }))
    }
    if (!controllers.split(',').includes('cpu')) return []
    const mounts = [...new Set([controllers, 'cpu', 'cpu,cpuacct'])]
    return mounts.map((name) => ({ mount: posix.join(folder, name), group, read: readFirst }))
  })
}

/** `/a/b`, `/a` and `/`. */
function upwards(group: string): readonly string[] {
  const parts = posix.normalize(group).split('/').filter(Boolean)
  return [...parts.map((_, index) => `/${parts.slice(0, parts.length - index).join('/')}`), '/']
}

/** `cpu.max`: the microseconds of a period, or `max`, and the period. */
function readSecond(folder: string): number | undefined {
  const [quota = '', period = ''] = textOf(posix.join(folder, 'cpu.max'))?.trim().split(' ') ?? []
  return ratio(quota, period)
}

/** The same in two files; -1 for no quota. */
function readFirst(folder: string): number | undefined {
  const [quota = '', period = ''] = ['quota', 'period'].map((name) => textOf(posix.join(folder, `cpu.cfs_${name}_us`)))
  return ratio(quota, period)
}

function ratio(quota: string, period: string): number | undefined {
  const value = Number.parseInt(quota, 10) / Number.parseInt(period, 10)
  return Number.isFinite(value) && value > 0 ? value : undefined
}

/** The kernel's own files, which `openRegularFile` refuses. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
