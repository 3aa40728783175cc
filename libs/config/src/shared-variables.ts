import { z } from 'zod';
import { apiKeysVariable } from './api-keys';
import { ALLOW_DEFAULT_SECRETS, ALLOW_PLAIN_TEXT, listeningHazard } from './safety/hazards';
import { flag, integer, oneOf, optional, text, url, type Variable } from './variable';

/** Where PostgreSQL is. */
export const DATABASE_URL = url(
  'DATABASE_URL',
  ['postgres', 'postgresql'],
  'PostgreSQL, which holds the truth',
  { secret: true, login: true },
);

/** Where Redis is. */
export const REDIS_URL = url(
  'REDIS_URL',
  ['redis', 'rediss'],
  'Redis, which holds the live view and streams progress',
  { secret: true, login: true },
);

/** Parts the backbone's keys from others' in the same Redis. */
export const REDIS_KEY_PREFIX: Variable<z.ZodString> = {
  name: 'REDIS_KEY_PREFIX',
  description: 'Stands before every key and channel in Redis; the same for all apps of a backbone',
  allowed: 'up to 64 characters without braces',
  schema: z
    .string()
    .max(64)
    .regex(/^[^{}]*$/),
  default: '',
};

/** Where RabbitMQ is, virtual host included. */
export const RABBITMQ_URL = url(
  'RABBITMQ_URL',
  ['amqp', 'amqps'],
  'RabbitMQ, which carries the work of each stage',
  { secret: true, login: true },
);

/** Where RabbitMQ's management API is. */
export const RABBITMQ_MANAGEMENT_URL = url(
  'RABBITMQ_MANAGEMENT_URL',
  ['http', 'https'],
  'RabbitMQ’s management API',
  { secret: true, login: true },
);

export const LOG_LEVEL = oneOf(
  'LOG_LEVEL',
  ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
  'The least severe level that is logged',
  { default: 'info' },
);

/** The TCP port an app listens on; 0 takes a free one. */
export const port = (name: string, fallback: number) =>
  integer(name, [0, 65_535], 'TCP port of its HTTP API; 0 takes a free one', {
    default: String(fallback),
  });

/** Where an app's HTTP API listens, beside its port, and how it shows who it is. */
export const HTTP_CONFIG = {
  httpHost: {
    ...oneOf('HTTP_HOST', ['127.0.0.1', '0.0.0.0', '::1', '::'], 'Address that HTTP APIs bind to', {
      default: '127.0.0.1',
    }),
    hazard: listeningHazard,
  },
  httpTlsCertFile: optional(
    text(
      'HTTP_TLS_CERT_FILE',
      'File with the certificate of HTTP APIs and those it depends on, in PEM; they then speak TLS only',
    ),
  ),
  httpTlsKeyFile: optional(
    text('HTTP_TLS_KEY_FILE', 'File with the private key of that certificate, in PEM'),
  ),
} as const;

/** What lets a start pass that is unsafe outside one machine; every app heeds it. */
export const SAFETY_CONFIG = {
  allowPlainText: flag(
    ALLOW_PLAIN_TEXT,
    'Whether URLs of other machines, and HTTP APIs that others reach, may be in plain text: only where the network is private by itself',
  ),
  allowDefaultSecrets: flag(
    ALLOW_DEFAULT_SECRETS,
    'Whether default passwords may be used outside this machine: for development only',
  ),
} as const;

/** Who may use the HTTP APIs of the services; the same keys for all of them. */
export const API_KEYS = apiKeysVariable(
  'COORDINATOR_API_KEYS',
  'Who may use the coordinator and the health-monitor; without keys, everybody who reaches their loopback address',
);
