// The app's settings page: is Dealgate there, and what is left for an admin to do.

import {
  DescriptionList,
  DescriptionListItem,
  Flex,
  Heading,
  List,
  LoadingButton,
  LoadingSpinner,
  StatusTag,
  Text,
} from '@hubspot/ui-extensions';
import { useEffect, useState } from 'react';
import { ADDRESS } from './address';
import { health, type Health } from './health';
import { TEXTS } from './texts';

export function Connection({ portal }: { portal: number }) {
  const [told, setTold] = useState<Health | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => void health().then(setTold), []);
  const check = async () => {
    setBusy(true);
    setTold(await health());
    setBusy(false);
  };
  return (
    <Flex direction="column" gap="md">
      <Heading>{TEXTS.title}</Heading>
      <Text>{TEXTS.intro}</Text>
      <DescriptionList direction="column">
        <DescriptionListItem label={TEXTS.address}>{ADDRESS}</DescriptionListItem>
        <DescriptionListItem label={TEXTS.account}>{String(portal)}</DescriptionListItem>
      </DescriptionList>
      {told ? <Told told={told} /> : <LoadingSpinner label={TEXTS.asking} showLabel />}
      <LoadingButton variant="secondary" size="sm" loading={busy} onClick={check}>
        {TEXTS.again}
      </LoadingButton>
      <Text format={{ fontWeight: 'bold' }}>{TEXTS.steps}</Text>
      <List>
        <Text>{TEXTS.card}</Text>
        <Text>{TEXTS.lists}</Text>
      </List>
    </Flex>
  );
}

function Told({ told }: { told: Health }) {
  if (told.well) {
    return (
      <Flex direction="column" gap="xs">
        <StatusTag variant={told.status === 'ok' ? 'success' : 'warning'}>{TEXTS.well}</StatusTag>
        <Text>{TEXTS.status[told.status] ?? told.status}</Text>
        <Text>{told.viewer ? TEXTS.you(told.viewer) : TEXTS.nobody}</Text>
        {told.parked > 0 && (
          <Text>
            {TEXTS.parked(told.parked)} {TEXTS.doctor}
          </Text>
        )}
      </Flex>
    );
  }
  return (
    <Flex direction="column" gap="xs">
      <StatusTag variant="danger">{TEXTS.trouble}</StatusTag>
      <Text>{told.why}</Text>
      <Text variant="microcopy">{TEXTS.doctor}</Text>
    </Flex>
  );
}
