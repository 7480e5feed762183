// The components every page is made of.
export * from './badge';
export * from './button';
export * from './card';
export * from './dialog';
export * from './field';
export * from './icons';
export * from './many';
export * from './page';
export * from './states';
export * from './table';
export * from './tabs';
export * from './toast';
