// Written by `dealgate install hubspot --render`: change policy or settings, then render again.
import type { Changeable } from './shapes';

export const CHANGEABLE: readonly Changeable[] = [
  {"name": "amount", "label": "amount", "type": "money", "property": "amount", "options": [], "unit": ""},
  {"name": "close-date", "label": "close date", "type": "date", "property": "closedate", "options": [], "unit": ""},
  {"name": "discount", "label": "discount", "type": "percent", "property": "", "options": [], "unit": ""},
  {"name": "delivery-address", "label": "delivery address", "type": "text", "property": "delivery_address", "options": [], "unit": ""},
];
