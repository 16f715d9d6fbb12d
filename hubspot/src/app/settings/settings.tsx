import { hubspot } from '@hubspot/ui-extensions';
import { Connection } from './Connection';

hubspot.extend<'settings'>(({ context }) => <Connection portal={context.portal.id} />);
