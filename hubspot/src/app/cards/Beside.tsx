// Beside what everybody sees: what Operations reads, and what has happened; folded.

import { Accordion, Flex, Text } from '@hubspot/ui-extensions';
import type { Seen } from './shapes';
import { Lines } from './Shown';
import { TEXTS } from './texts';
import { happened, operations } from './told';

export function Beside({ seen, zone }: { seen: Seen; zone: string }) {
  const ours = operations(seen);
  const past = happened(seen, zone);
  return (
    <>
      {ours.length > 0 && (
        <Accordion title={TEXTS.operations} size="xs">
          <Flex direction="column" gap="xs">
            {ours.map((part) => (
              <Flex key={part.heading} direction="column" gap="xs">
                <Text format={{ fontWeight: 'bold' }}>{part.heading}</Text>
                <Lines part={part} />
              </Flex>
            ))}
          </Flex>
        </Accordion>
      )}
      {past.lines.length > 0 && (
        <Accordion title={past.heading} size="xs">
          <Lines part={past} />
        </Accordion>
      )}
    </>
  );
}
