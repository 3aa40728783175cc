import { Client, type ClientConfig } from 'pg';

/**
 * A client whose connection may be ended at any moment. Between the pool that hands it out and TypeORM
 * that takes it nobody listens to it for a moment; an end right then, as of a backend that is
 * terminated while a client connects, would be an error that nobody handles and end the process.
 * Nothing is hidden: whatever is asked of it from then on fails.
 */
export class SteadyClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
