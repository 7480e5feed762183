export * from './acceptability';
export * from './bars';
export * from './frame';
export * from './not-assessed';
export * from './ranking';
export * from './scale';
export * from './time';
