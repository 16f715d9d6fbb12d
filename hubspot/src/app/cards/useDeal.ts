// The deal as Dealgate sees it now.

import { useEffect, useMemo, useState } from 'react';
import type { Api } from './api';
import { NOTHING, Watch, type Watched } from './watch';

export function useDeal(api: Api): Watched & Pick<Watch, 'look' | 'changed'> {
  const [watched, setWatched] = useState<Watched>(NOTHING);
  const watch = useMemo(() => new Watch(api.read, setWatched), [api]);
  useEffect(() => {
    void watch.look();
    return watch.stop;
  }, [watch]);
  return { ...watched, look: watch.look, changed: watch.changed };
}
