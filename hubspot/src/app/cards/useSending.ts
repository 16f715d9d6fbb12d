// One thing that is sent: while it is on its way, and when it went wrong.

import { useState } from 'react';
import { Wrong } from './api';

export interface Sending {
  busy: boolean;
  wrong: Wrong | null;
  /** Send, then say so; nothing is sent twice while the first is on its way. */
  send: <T>(call: () => Promise<T>, then: (told: T) => void) => Promise<void>;
}

export function useSending(): Sending {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const send = async <T>(call: () => Promise<T>, then: (told: T) => void) => {
    if (busy) return;
    setBusy(true);
    setWrong(null);
    try {
      then(await call());
    } catch (error) {
      setWrong(error instanceof Wrong ? error : new Wrong('unreachable', ''));
    } finally {
      setBusy(false);
    }
  };
  return { busy, wrong, send };
}
