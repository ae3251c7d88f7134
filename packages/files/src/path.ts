import { matching, requireArguments, written } from '@convzoo/core/define'

/** Where something lies in a file system. */
export const pathOption = written(
  { type: 'string', minLength: 1 },
  matching(
    'a path that is not empty',
    (value): value is string => typeof value === 'string' && value !== '' && !value.includes('\0'),
  ),
)

/** @throws ConvzooError of kind `option` that names the function, unless this is a path. */
export function requirePath(subject: string, path: unknown): void {
  requireArguments(subject, { path: [pathOption, path] })
}
