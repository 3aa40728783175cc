import * as restate from '@restatedev/restate-sdk';
import { STAGES } from '../program/stages.mjs';
import { Ledger, serveWorker } from '../program/worker.mjs';

/* A service of Restate: a handler of five durable steps, which the Restate server calls. */

const ledger = new Ledger();
const service = restate.service({
  name: 'Task',
  handlers: {
    run: async (context, /** @type {string} */ task) => {
      for (const stage of STAGES) await context.run(stage, () => ledger.mark(task, stage));
    },
  },
});
const port = Number(process.env['PORT']);
await restate.serve({ services: [service], port });
serveWorker(ledger);
