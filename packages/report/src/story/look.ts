import { join } from 'node:path'
import { readJsonFile } from '@convzoo/files'
import { classScores, confusions, RunFolder } from '@convzoo/trainer'
import type { LookParts } from '../page/page-data.js'

/** Bytes: room for the counts of a thousand classes. */
const mostBytes = 2 ** 26

/** Classes up to which there is a table of counts, and up to which each has a row of its scores. */
const mostInTable = 40
const mostClasses = 1000

/** Confusions that are named. */
const mostConfused = 20

type Rows = readonly (readonly number[])[]

const empty: LookParts = { classes: [], confused: [], mistakes: [] }

/** What the files of a run say of its newest look at images that it does not learn from; nothing of what is missing or damaged. */
export async function readLook(folder: string): Promise<LookParts> {
  const counted = await readJsonFile(join(folder, 'confusion.json'), {
    expected: 'the confusion.json of a run',
    mostBytes,
  }).catch(() => undefined)
  const confusion = counted === undefined ? undefined : confusionOf(counted)
  const run = await RunFolder.open(folder)
  const filters = await run.readFilters()
  return {
    ...(confusion === undefined ? empty : scoresOf(confusion.classes, confusion.rows)),
    mistakes: await run.readMistakes(),
    ...(filters === undefined ? {} : { filters: Buffer.from(filters).toString('base64') }),
  }
}

function confusionOf({
  classes,
  rows,
}: Readonly<Record<string, unknown>>): { readonly classes: readonly string[]; readonly rows: Rows } | undefined {
  const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
  if (!isList(classes) || !classes.every((name) => typeof name === 'string')) return undefined
  const isRow = (row: unknown): row is readonly number[] =>
    isList(row) &&
    row.length === classes.length &&
    row.every((count) => typeof count === 'number' && Number.isSafeInteger(count) && count >= 0)
  return isList(rows) && rows.length === classes.length && rows.every(isRow) ? { classes, rows } : undefined
}

function scoresOf(classes: readonly string[], rows: Rows): Omit<LookParts, 'mistakes' | 'filters'> {
  const scores = classScores(rows).slice(0, mostClasses)
  const confused = confusions(rows)
    .slice(0, mostConfused)
    .map(({ truth, predicted, count }) => ({ truth: classes[truth] ?? '', predicted: classes[predicted] ?? '', count }))
  return {
    ...(classes.length <= mostInTable ? { confusion: { classes, rows } } : {}),
    classes: scores.map((score, index) => ({ name: classes[index] ?? '', ...score })),
    confused,
  }
}
