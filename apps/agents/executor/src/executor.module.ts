import { Module } from '@nestjs/common';
import { ExecutorAgent } from './executor.agent';

/** The executor agent. */
@Module({ controllers: [ExecutorAgent] })
export class ExecutorModule {}
