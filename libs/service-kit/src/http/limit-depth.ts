import { BadRequestException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** How deep a body may nest arrays and objects: as deep as a message, which it may become part of. */
export const MAX_BODY_DEPTH = 64;

/** Refuses bodies that are nested too deep, before anything walks through them by recursion. */
export function limitDepth(server: FastifyInstance): void {
  server.addHook('preValidation', (request, _reply, done) => {
    if (!isDeeperThan(MAX_BODY_DEPTH, request.body)) return done();
    done(new BadRequestException(`The body is nested deeper than ${MAX_BODY_DEPTH} levels`));
  });
}

/** Goes level by level, as recursion is what a deep value would exhaust. */
function isDeeperThan(limit: number, value: unknown): boolean {
  let level = [value].filter(isNested);
  for (let depth = 0; depth < limit; depth += 1) {
    level = level.flatMap((each) => Object.values(each).filter(isNested));
  }
  return level.length > 0;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
