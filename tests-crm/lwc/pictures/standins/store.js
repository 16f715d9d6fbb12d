// What Salesforce's server would answer: the page puts it here before the panel is drawn.
export const answers = { record: null, info: null, tasks: null, refused: null }

/** A wire adapter that gives one answer. */
export function adapter(give) {
  return class {
    constructor(tell) {
      this.tell = tell
    }

    update() {
      Promise.resolve().then(() => this.tell(give()))
    }

    connect() {}

    disconnect() {}
  }
}
