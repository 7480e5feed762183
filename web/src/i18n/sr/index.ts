// Serbian texts in Cyrillic, and names of what the catalogue has in English. Latin is made from these.
import type { Messages } from '../en';
import account from './account.json';
import catalogue from './catalogue.json';
import common from './common.json';
import overview from './overview.json';
import threat from './threat.json';

export const serbian = { ...common, ...account, ...overview, ...threat, ...catalogue } as Partial<Messages>;
