// The deal's readiness, why, and what opens it; the same in the tab and in the sidebar.

import { Flex, LoadingSpinner } from '@hubspot/ui-extensions';
import type { CrmContext, ExtensionPointApiActions } from '@hubspot/ui-extensions';
import { useEffect, useMemo } from 'react';
import { Ask } from './Ask';
import { Beside } from './Beside';
import { Decide } from './Decide';
import { Reply } from './Reply';
import { Shown } from './Shown';
import { Trouble } from './Trouble';
import { WhatIf } from './WhatIf';
import { apiOf } from './api';
import { TEXTS } from './texts';
import { useDeal } from './useDeal';

export interface CardProps {
  context: CrmContext;
  actions: Pick<ExtensionPointApiActions<'crm.record.tab'>, 'addAlert' | 'onCrmPropertiesUpdate'>;
}

export function Card({ context, actions }: CardProps) {
  const api = useMemo(() => apiOf(context.crm.objectId), [context.crm.objectId]);
  const { seen, wrong, checking, look, changed } = useDeal(api);
  const zone = context.portal.timezone;

  useEffect(() => {
    actions.onCrmPropertiesUpdate('*', (_properties, error) => {
      if (!error) changed();
    });
  }, [actions, changed]);

  const sent = (message: string) => {
    actions.addAlert({ type: 'success', message });
    changed();
  };

  if (!seen) {
    return wrong && !checking ? <Trouble wrong={wrong} onAgain={look} /> : <LoadingSpinner label={TEXTS.loading} showLabel />;
  }
  const { viewer } = seen;
  return (
    <Flex direction="column" gap="sm">
      {wrong && <Trouble wrong={wrong} onAgain={look} />}
      {checking && <LoadingSpinner label={TEXTS.checking} showLabel size="xs" />}
      <Shown seen={seen} zone={zone} />
      {viewer.may_decide.length > 0 && <Decide api={api} questions={viewer.may_decide} onSent={sent} />}
      {viewer.may_reply && <Reply api={api} onSent={sent} />}
      {(viewer.may_ask || viewer.may_withdraw) && <Ask api={api} viewer={viewer} onSent={sent} />}
      {seen.readiness !== 'not-assessed' && seen.fields.length > 0 && (
        <WhatIf api={api} fields={seen.fields} zone={zone} />
      )}
      <Beside seen={seen} zone={zone} />
    </Flex>
  );
}
