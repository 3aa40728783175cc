export { eventually } from './eventually';
export { createTestDatabase } from './database';
export type { TestDatabase } from './database';
export { createTestKeyPrefix } from './key-prefix';
export type { TestKeyPrefix } from './key-prefix';
export { testServers } from './servers';
export type { TestServers } from './servers';
export { createTestVhost } from './vhost';
export type { TestVhost } from './vhost';
