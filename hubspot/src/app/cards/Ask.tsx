// The rep asks for a decision with a case, and may take the question back.

import { Accordion, DateInput, Flex, LoadingButton, TextArea } from '@hubspot/ui-extensions';
import type { DateInputEventsPayload } from '@hubspot/ui-extensions';
import { useState } from 'react';
import type { Api } from './api';
import { day } from './moments';
import type { Viewer } from './shapes';
import { TEXTS } from './texts';
import { Trouble } from './Trouble';
import { useSending } from './useSending';

interface AskProps {
  api: Api;
  viewer: Viewer;
  onSent: (message: string) => void;
}

export function Ask({ api, viewer, onSent }: AskProps) {
  const [why, setWhy] = useState('');
  const [empty, setEmpty] = useState(false);
  const [by, setBy] = useState<DateInputEventsPayload>();
  const { busy, wrong, send } = useSending();
  const ask = () => {
    setEmpty(!why.trim());
    if (!why.trim()) return;
    void send(
      () => api.ask(why.trim(), by && day(by)),
      (next) => {
        setWhy('');
        setBy(undefined);
        onSent(next);
      },
    );
  };
  const withdraw = () => send(api.withdraw, onSent);
  return (
    <Accordion title={TEXTS.ask} size="xs">
      <Flex direction="column" gap="sm">
        {viewer.may_ask && (
          <>
            <TextArea
              name="case"
              label={TEXTS.askCase}
              description={TEXTS.askCaseHint}
              value={why}
              onInput={setWhy}
              error={empty}
              validationMessage={empty ? TEXTS.empty : undefined}
            />
            <DateInput name="needed-by" label={TEXTS.askBy} value={by} onChange={setBy} />
          </>
        )}
        <Flex gap="sm" wrap>
          {viewer.may_ask && (
            <LoadingButton variant="primary" size="sm" loading={busy} onClick={ask}>
              {TEXTS.askSend}
            </LoadingButton>
          )}
          {viewer.may_withdraw && (
            <LoadingButton variant="secondary" size="sm" loading={busy} onClick={withdraw}>
              {TEXTS.withdraw}
            </LoadingButton>
          )}
        </Flex>
        {wrong && <Trouble wrong={wrong} />}
      </Flex>
    </Accordion>
  );
}
