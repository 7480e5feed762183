// English texts, one file for each room of the dashboard. A key is '<room>.<what>' and stands in one file only.
import account from './account.json';
import common from './common.json';
import overview from './overview.json';
import threat from './threat.json';

export const english = { ...common, ...account, ...overview, ...threat };
export type Messages = typeof english;
export type Key = keyof Messages;
