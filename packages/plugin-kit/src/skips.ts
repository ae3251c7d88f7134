import { beforeEach, expect, it, type RunnerTestCase, type RunnerTestSuite } from 'vitest'

/** Tests of a suite that do not apply, by title or by `group > title`, each with the reason. */
export type Skips = Readonly<Record<string, string>>

/** Skips tests of the surrounding `describe`, visibly and for a reason; a skip that matches no test fails. */
export function skipping(skips: Skips): void {
  const reasonFor = (names: readonly string[]): string | undefined => {
    const key = names.find((name) => Object.hasOwn(skips, name))
    return key === undefined ? undefined : skips[key]
  }
  beforeEach(({ task, skip }) => {
    const reason = reasonFor(namesOf(task))
    if (reason !== undefined) skip(reason)
  })
  it('skips only tests that there are, each for a reason', ({ task }) => {
    const known = new Set(task.suite === undefined ? [] : testsIn(task.suite).flatMap(namesOf))
    expect(Object.keys(skips).filter((name) => !known.has(name))).toEqual([])
    expect(Object.entries(skips).filter(([, reason]) => reason.trim() === '')).toEqual([])
  })
}

/** `title`, `group > title` and so on. */
function namesOf(task: RunnerTestCase): readonly string[] {
  const names = [task.name]
  for (let suite = task.suite; suite !== undefined; suite = suite.suite) names.push(`${suite.name} > ${names.at(-1)}`)
  return names
}

function testsIn(suite: RunnerTestSuite): readonly RunnerTestCase[] {
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? testsIn(task) : [task]))
}
