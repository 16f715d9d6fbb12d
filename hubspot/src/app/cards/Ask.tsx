// The rep asks for a decision with a case; once somebody is asked, he may take the question back.

import { Accordion, DateInput, Flex, LoadingButton, TextArea } from '@hubspot/ui-extensions';
import type { DateInputEventsPayload } from '@hubspot/ui-extensions';
import { useState } from 'react';
import type { Api } from './api';
import { day } from './moments';
import { TEXTS } from './texts';
import { Trouble } from './Trouble';
import { useSending } from './useSending';

interface AskProps {
  api: Api;
  onSent: (message: string) => void;
}

export function Ask({ api, onSent }: AskProps) {
  const [why, setWhy] = useState('');
  const [empty, setEmpty] = useState(false);
  const [by, setBy] = useState<DateInputEventsPayload>();
  const { busy, wrong, send } = useSending();
  const ask = () => {
    setEmpty(!why.trim());
    if (!why.trim()) return;
    void send(() => api.ask(why.trim(), by && day(by)), onSent);
  };
  return (
    <Accordion title={TEXTS.ask} size="xs">
      <Flex direction="column" gap="sm">
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
        <LoadingButton variant="primary" size="sm" loading={busy} onClick={ask}>
          {TEXTS.askSend}
        </LoadingButton>
        {wrong && <Trouble wrong={wrong} />}
      </Flex>
    </Accordion>
  );
}

export function TakeBack({ api, onSent }: AskProps) {
  const { busy, wrong, send } = useSending();
  return (
    <Flex direction="column" gap="sm">
      <LoadingButton variant="secondary" size="sm" loading={busy} onClick={() => send(api.withdraw, onSent)}>
        {TEXTS.withdraw}
      </LoadingButton>
      {wrong && <Trouble wrong={wrong} />}
    </Flex>
  );
}
