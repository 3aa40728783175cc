// The client is CommonJS, because specs that Jest runs cannot load ES modules.
export { startTestServers } from './test-servers-client.js';
