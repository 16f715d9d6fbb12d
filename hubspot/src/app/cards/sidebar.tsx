import { hubspot } from '@hubspot/ui-extensions';
import { Card } from './Card';

hubspot.extend<'crm.record.sidebar'>(({ context, actions }) => <Card context={context} actions={actions} />);
