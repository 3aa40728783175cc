import { COORDINATOR_CONFIG, loadConfig } from '@askflash/config';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AppModule } from '../app.module';

/** The coordinator without anything running in it: enough to read its API off. */
export async function previewApp(): Promise<INestApplication> {
  const nowhere = 'nowhere.localhost';
  const config = loadConfig(COORDINATOR_CONFIG, {
    DATABASE_URL: `postgres://${nowhere}/none`,
    REDIS_URL: `redis://${nowhere}`,
    RABBITMQ_URL: `amqp://${nowhere}`,
  });
  return NestFactory.create(AppModule.register(config), new FastifyAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
}
