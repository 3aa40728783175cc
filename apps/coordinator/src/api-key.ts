import { reportFailure } from '@askflash/service-kit';
import { newApiKey } from './auth/new-api-key';

/** Makes an API key: `npm run api-key -- --name NAME --role submit|read|admin [--user ID]`. */
try {
  process.stdout.write(newApiKey(process.argv.slice(2)));
} catch (error) {
  process.exitCode = reportFailure(error);
}
