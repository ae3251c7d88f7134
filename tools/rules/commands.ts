/** Programs with which commands begin that users are given. */
export const programs = '(?:npm|npx|pnpm|node|convzoo|pip|git|cd|mkdir)'

/** What of a command only some shells know: bash, zsh, cmd and PowerShell are those of users. */
const kinds: readonly (readonly [string, RegExp])[] = [
  ['a variable before a command: not in cmd and PowerShell', new RegExp(`\\b[A-Z][A-Z_]+=\\S+ +${programs} `)],
  ['single quotes: a part of the word in cmd', new RegExp(`\\b${programs} [^"\`\\n]*'[^'\\n]+'`)],
  ['a line that goes on after a backslash: not in cmd and PowerShell', /\\$/m],
  ['the output of another command: not in cmd', /\$\(/],
  ['a variable of a POSIX shell', new RegExp(`\\b${programs} .*\\$[A-Za-z{]`)],
  ['&&: not in PowerShell 5', new RegExp(`\\b${programs} .* && `)],
  ['a remark behind a command: words of it in cmd, and in zsh', new RegExp(`^ *${programs} .* #`, 'm')],
  ['a program of POSIX', /(?:^|[\s`])(?:rm -|cp -|mv |chmod |export [A-Z]+=)/m],
  ['a slash, which starts an option in cmd', /(?:^|[\s`])mkdir \S*\//m],
  ['--, which PowerShell takes away from npm', /\bnpm (?:create|run|exec|init) .*-- /],
]

/** What of a command does not work everywhere. */
export const kindsIn = (text: string): string[] =>
  kinds.flatMap(([kind, pattern]) => (pattern.test(text) ? [kind] : []))
