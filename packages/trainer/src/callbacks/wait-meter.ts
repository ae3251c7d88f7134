import { defineCallback, described, functionOf, type OptionsOf, optional, text } from '@convzoo/core/define'

/** Beyond this part of the time and so many seconds of an epoch spent waiting for images, something can be done about it. */
const tolerable = 0.05
const tolerableSeconds = 1

const usualAdvice = 'give the dataset a cache or more workers, the engine fewer threads, or augment less'

/**
 * Says after an epoch in which the engine waited more than 5 % of the time for images what would help. Each step's record has the
 * seconds, as `waited`.
 *
 * @throws ConvzooError of kind `option` for a bad option.
 * @example
 * const trainer = new Trainer({ model, engine, optimizer, callbacks: [waitMeter()] })
 */
export const waitMeter = defineCallback({
  specification: 'callback/v1',
  name: 'waitMeter',
  title: 'says what helps when the engine waits for images',
  options: {
    warn: described(
      'gets the line; console.warn by default',
      optional(functionOf<(line: string) => void>(), (line) => console.warn(line)),
    ),
    advice: described('what to try, in words', optional(text, usualAdvice)),
  },
  create({ warn, advice }) {
    let seconds = 0
    let waited = 0
    return {
      onStep(record) {
        seconds += record.seconds
        waited += record.waited
      },
      onEpoch() {
        const part = seconds === 0 ? 0 : waited / seconds
        if (part > tolerable && waited > tolerableSeconds) {
          warn(`The engine waited for images ${(100 * part).toFixed(0)} % of the time. Hint: ${advice}.`)
        }
        seconds = 0
        waited = 0
      },
    }
  },
})

export type WaitMeterOptions = OptionsOf<typeof waitMeter>
