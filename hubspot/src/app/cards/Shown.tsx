// What the card tells: badge and sentence first, then what is open, what is fine folded.

import { Accordion, Flex, List, StatusTag, Text } from '@hubspot/ui-extensions';
import type { Reader } from './moments';
import type { Seen } from './shapes';
import { COLOURS } from './texts';
import { fine, open, type Part } from './told';

export function Shown({ seen, reader }: { seen: Seen; reader: Reader }) {
  const good = fine(seen);
  return (
    <Flex direction="column" gap="sm">
      <StatusTag variant={COLOURS[seen.readiness]}>{seen.badge}</StatusTag>
      <Text>{seen.sentence}</Text>
      {seen.alone && <Text>{seen.alone}</Text>}
      {open(seen, reader).map((part) => (
        <Flex key={part.heading} direction="column" gap="xs">
          <Text format={{ fontWeight: 'bold' }}>{part.heading}</Text>
          <Lines part={part} />
        </Flex>
      ))}
      {good.lines.length > 0 && (
        <Accordion title={good.heading} size="xs">
          <Lines part={good} />
        </Accordion>
      )}
    </Flex>
  );
}

export function Lines({ part }: { part: Part }) {
  return (
    <List>
      {part.lines.map((line, place) => (
        <Text key={`${place} ${line}`}>{line}</Text>
      ))}
    </List>
  );
}
