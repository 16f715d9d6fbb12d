// The deal as it would be with other values. Nothing is written.

import { Accordion, Flex, LoadingButton, Text } from '@hubspot/ui-extensions';
import { useState } from 'react';
import type { Reader } from './moments';
import type { Api } from './api';
import type { Changeable, Seen } from './shapes';
import { Shown } from './Shown';
import { TEXTS } from './texts';
import { Trouble } from './Trouble';
import { Value } from './Value';
import { useSending } from './useSending';

interface WhatIfProps {
  api: Api;
  fields: Changeable[];
  reader: Reader;
}

export function WhatIf({ api, fields, reader }: WhatIfProps) {
  const [values, setValues] = useState<Record<string, string>>({});
  const [told, setTold] = useState<Seen | null>(null);
  const [nothing, setNothing] = useState(false);
  const { busy, wrong, send } = useSending();
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  const tried = () => {
    const empty = Object.keys(given).length === 0;
    setNothing(empty);
    if (!empty) void send(() => api.whatIf(given), setTold);
  };
  const clear = () => {
    setValues({});
    setTold(null);
  };
  return (
    <Accordion title={TEXTS.whatIf} size="xs">
      <Flex direction="column" gap="sm">
        <Text variant="microcopy">{TEXTS.whatIfHint}</Text>
        {fields.map((field) => (
          <Value
            key={field.name}
            field={field}
            value={values[field.name] ?? ''}
            reader={reader}
            onChange={(value) => setValues({ ...values, [field.name]: value })}
          />
        ))}
        {nothing && <Text>{TEXTS.whatIfNothing}</Text>}
        <Flex gap="sm" wrap>
          <LoadingButton variant="primary" size="sm" loading={busy} onClick={tried}>
            {TEXTS.whatIfTry}
          </LoadingButton>
          <LoadingButton variant="secondary" size="sm" onClick={clear}>
            {TEXTS.whatIfClear}
          </LoadingButton>
        </Flex>
        {wrong && <Trouble wrong={wrong} />}
        {told && (
          <Flex direction="column" gap="xs">
            <Text format={{ fontWeight: 'bold' }}>{TEXTS.whatIfThen}</Text>
            <Shown seen={told} reader={reader} />
          </Flex>
        )}
      </Flex>
    </Accordion>
  );
}
