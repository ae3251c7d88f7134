/** The next turn of the event loop: all that waits goes first. Browsers have no `setImmediate`, and let timers wait for milliseconds. */
export const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    if (typeof setImmediate === 'function') {
      setImmediate(resolve)
      return
    }
    const { port1, port2 } = new MessageChannel()
    Object.assign(port1, {
      onmessage() {
        port1.close()
        resolve()
      },
    })
    port2.postMessage(undefined)
  })
