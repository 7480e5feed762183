// Serbian texts in Cyrillic, and names of what the catalogue has in English. Latin is made from these.
import type { Messages } from '../en';
import account from './account.json';
import admin from './admin.json';
import bench from './bench.json';
import catalogue from './catalogue.json';
import common from './common.json';
import data from './data.json';
import desk from './desk.json';
import follow from './follow.json';
import match from './match.json';
import overview from './overview.json';
import profiles from './profiles.json';
import threat from './threat.json';

export const serbian = { ...common, ...account, ...overview, ...threat, ...admin, ...bench, ...data, ...desk, ...follow, ...match, ...profiles, ...catalogue } as Partial<Messages>;
