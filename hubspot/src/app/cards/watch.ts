// Reads the deal, and reads it again while Dealgate looks at a change.

import { Wrong } from './api';
import type { Seen } from './shapes';

/** Seconds until each further look: most changes are looked at within two, the last look is after 40. */
export const LOOKS = [1, 2, 3, 5, 8, 21];

/** A deal that Dealgate has not seen before: it looks at it now. */
const NEW = 'deal-unknown';

export interface Watched {
  seen: Seen | null;
  wrong: Wrong | null;
  checking: boolean;
}

export const NOTHING: Watched = { seen: null, wrong: null, checking: false };

export class Watch {
  private now = NOTHING;
  private round = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly read: () => Promise<Seen>,
    private readonly show: (watched: Watched) => void,
  ) {}

  /** Look at once, and again while Dealgate says that something is pending. */
  readonly look = async () => {
    const mine = this.start();
    await this.readOnce(mine);
    if (mine !== this.round) return;
    if (this.isPending()) this.follow(mine, LOOKS, () => this.isPending());
    else this.tell({ checking: false });
  };

  /** Something was changed or sent: look until the answer is another one. */
  readonly changed = () => {
    const mine = this.start();
    const before = textOf(this.now.seen);
    this.follow(mine, LOOKS, () => this.isPending() || textOf(this.now.seen) === before);
  };

  /** The card is gone. */
  readonly stop = () => {
    this.start();
  };

  private start(): number {
    clearTimeout(this.timer);
    this.round += 1;
    return this.round;
  }

  private follow(mine: number, [seconds, ...later]: readonly number[], waits: () => boolean) {
    this.tell({ checking: seconds !== undefined });
    if (seconds === undefined) return;
    this.timer = setTimeout(async () => {
      await this.readOnce(mine);
      if (mine === this.round) this.follow(mine, waits() ? later : [], waits);
    }, seconds * 1000);
  }

  private async readOnce(mine: number) {
    try {
      const seen = await this.read();
      if (mine === this.round) this.tell({ seen, wrong: null });
    } catch (error) {
      const wrong = error instanceof Wrong ? error : new Wrong('unreadable', '');
      if (mine === this.round) this.tell({ wrong });
    }
  }

  private isPending(): boolean {
    const { seen, wrong } = this.now;
    return wrong ? wrong.reason === NEW : Boolean(seen?.pending);
  }

  private tell(news: Partial<Watched>) {
    this.now = { ...this.now, ...news };
    this.show(this.now);
  }
}

function textOf(seen: Seen | null): string {
  return JSON.stringify({ ...seen, pending: undefined });
}
