import { realpathSync, statfsSync } from 'node:fs'

/**
 * Kinds of file systems on Linux (statfs(2), `f_type`) whose files the kernel makes up while they are read: such a file may wait for ever,
 * be as large as all memory, or be another one each time.
 */
const madeUp: ReadonlySet<number> = new Set([
  0x9fa0, // proc
  0x62656572, // sysfs
  0x64626720, // debugfs
  0x74726163, // tracefs
  0x73636673, // securityfs
  0x62656570, // configfs
  0x6165676c, // pstore
  0x27e0eb, // cgroup
  0x63677270, // cgroup2
  0x1cd1, // devpts
  0xcafe4a11, // bpf
  0x65735543, // fusectl
  0x42494e4d, // binfmt_misc
  0x19800202, // mqueue
])

/** Of the devices, only these folders hold files of users: memory that is used as a disk. */
const devices = /^\/dev(?!\/shm(?:\/|$))(?:\/|$)/

/**
 * Whether a file or folder lies where the system shows itself as files (`/proc`, `/sys`, `/dev`), links followed. False where that cannot
 * be said.
 */
export function isOfSystem(path: string): boolean {
  if (process.platform === 'win32') return false
  try {
    if (devices.test(realpathSync.native(path))) return true
    // Elsewhere the numbers mean something else.
    return process.platform === 'linux' && madeUp.has(statfsSync(path).type)
  } catch {
    return false
  }
}
