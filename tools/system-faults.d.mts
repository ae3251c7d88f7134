export declare function refusing(
  name: 'rename' | 'rm' | 'open' | 'writeFile' | 'copyFile',
  fault: { readonly code: string; readonly times: number; readonly path?: RegExp },
): Disposable & { readonly met: readonly string[] }

export declare function takenFor(platform: NodeJS.Platform): Disposable
