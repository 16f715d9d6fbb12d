// Times and values as their reader would write them.

import type { Changeable } from './shapes';

/** Whose clock and whose way of writing. */
export interface Reader {
  locale: string;
  zone: string;
}

/** Write a moment: "Thu 26 Nov, 14:00". */
export function moment(iso: string, { locale, zone }: Reader): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const format = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return format.format(at);
}

/** Write a value of a field: numbers and days as the reader does, anything else as it is. */
export function plain(type: Changeable['type'], value: string, { locale }: Reader): string {
  if (['money', 'number', 'percent'].includes(type) && !Number.isNaN(Number(value))) {
    return new Intl.NumberFormat(locale).format(Number(value));
  }
  const at = type === 'date' ? new Date(`${value}T00:00:00Z`) : new Date(NaN);
  if (Number.isNaN(at.getTime())) return value;
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(at);
}

/** A day of HubSpot's date input, whose months begin at 0, as 2026-03-16. */
export function day(value: { year: number; month: number; date: number }): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${value.year}-${two(value.month + 1)}-${two(value.date)}`;
}
