import { AGENT_CONFIG, loadConfig, runAgent } from '@askflash/agent-kit';
import { Module } from '@nestjs/common';
import { chaosAgent } from './agent/chaos-agent';
import { Ledger } from './agent/ledger';

const [name = '', ledgerFile = ''] = process.argv.slice(2);

/** One agent of a run: `agent.js <name in the registry> <file of its ledger>`. */
class ChaosAgentModule {}
Module({ controllers: [chaosAgent(name, new Ledger(ledgerFile))] })(ChaosAgentModule);

void runAgent({
  appName: `${name}-agent`,
  module: ChaosAgentModule,
  config: () => loadConfig(AGENT_CONFIG),
});
