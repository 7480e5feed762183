// English texts, one file for each room of the dashboard. A key is '<room>.<what>' and stands in one file only.
import account from './account.json';
import admin from './admin.json';
import bench from './bench.json';
import common from './common.json';
import data from './data.json';
import desk from './desk.json';
import follow from './follow.json';
import match from './match.json';
import overview from './overview.json';
import profiles from './profiles.json';
import threat from './threat.json';

export const english = { ...common, ...account, ...overview, ...threat, ...admin, ...bench, ...data, ...desk, ...follow, ...match, ...profiles };
export type Messages = typeof english;
export type Key = keyof Messages;
