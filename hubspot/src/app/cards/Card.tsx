// The deal's readiness, why, and what opens it; the same in the tab and in the sidebar.

import { Flex, LoadingSpinner } from '@hubspot/ui-extensions';
import type { CrmContext, ExtensionPointApiActions } from '@hubspot/ui-extensions';
import { useEffect, useMemo } from 'react';
import { Ask, TakeBack } from './Ask';
import { Beside } from './Beside';
import { Decide } from './Decide';
import { Reply } from './Reply';
import { Shown } from './Shown';
import { Trouble } from './Trouble';
import { WhatIf } from './WhatIf';
import { apiOf } from './api';
import type { Reader } from './moments';
import { TEXTS } from './texts';
import { useDeal } from './useDeal';

export interface CardProps {
  context: CrmContext;
  actions: Pick<ExtensionPointApiActions<'crm.record.tab'>, 'addAlert' | 'onCrmPropertiesUpdate'>;
}

export function Card({ context, actions }: CardProps) {
  const api = useMemo(() => apiOf(context.crm.objectId), [context.crm.objectId]);
  const { seen, wrong, checking, look, changed } = useDeal(api);
  const reader = useMemo(() => readerOf(context), [context]);

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
      <Shown seen={seen} reader={reader} />
      {viewer.may_decide.length > 0 && <Decide api={api} questions={viewer.may_decide} onSent={sent} />}
      {viewer.may_reply && <Reply api={api} onSent={sent} />}
      {viewer.may_withdraw && <TakeBack api={api} onSent={sent} />}
      {viewer.may_ask && !viewer.may_withdraw && <Ask api={api} onSent={sent} />}
      {seen.readiness !== 'not-assessed' && seen.fields.length > 0 && (
        <WhatIf api={api} fields={seen.fields} reader={reader} />
      )}
      <Beside seen={seen} reader={reader} />
    </Flex>
  );
}

/** HubSpot tells the user's locale as en-us, and of zones only the account's. */
function readerOf({ user, portal }: CrmContext): Reader {
  const known = user.locale ? Intl.DateTimeFormat.supportedLocalesOf([user.locale.replace('_', '-')]) : [];
  return { locale: known[0] ?? 'en-GB', zone: portal.timezone };
}
