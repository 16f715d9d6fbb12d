// The rep answers a question, or says what is not known and why.

import { Accordion, Flex, LoadingButton, TextArea } from '@hubspot/ui-extensions';
import { useState } from 'react';
import type { Api } from './api';
import { TEXTS } from './texts';
import { Trouble } from './Trouble';
import { useSending } from './useSending';

export function Reply({ api, onSent }: { api: Api; onSent: (message: string) => void }) {
  const [text, setText] = useState('');
  const [empty, setEmpty] = useState(false);
  const { busy, wrong, send } = useSending();
  const reply = () => {
    setEmpty(!text.trim());
    if (!text.trim()) return;
    void send(
      () => api.reply(text.trim()),
      (next) => {
        setText('');
        onSent(next);
      },
    );
  };
  return (
    <Accordion title={TEXTS.reply} size="xs" defaultOpen>
      <Flex direction="column" gap="sm">
        <TextArea
          name="reply"
          label={TEXTS.replyText}
          value={text}
          onInput={setText}
          error={empty}
          validationMessage={empty ? TEXTS.empty : undefined}
        />
        <LoadingButton variant="primary" size="sm" loading={busy} onClick={reply}>
          {TEXTS.replySend}
        </LoadingButton>
        {wrong && <Trouble wrong={wrong} />}
      </Flex>
    </Accordion>
  );
}
