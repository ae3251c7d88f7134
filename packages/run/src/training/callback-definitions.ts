import { earlyStopping } from '@convzoo/trainer'

/** What a run can be watched by without a plugin, by name. */
export const callbackDefinitions = { earlyStopping } as const
