import { z } from 'zod';
import { flag, oneOf, optional, text, url, type Variable } from './variable';

/**
 * OpenTelemetry's standard variables, as far as they are checked here. Its SDK reads those that are left
 * out, such as OTEL_BSP_SCHEDULE_DELAY, by itself.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export const TRACING_CONFIG = {
  otelDisabled: flag('OTEL_SDK_DISABLED', 'Whether no traces are made, whatever else is set'),
  otelExporter: optional(
    oneOf(
      'OTEL_TRACES_EXPORTER',
      ['otlp', 'console', 'none'],
      'Where traces go; where not set to OTLP if an endpoint is set, else nowhere',
    ),
  ),
  otelEndpoint: optional(
    url(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      ['http', 'https'],
      'OTLP endpoint, without credentials; traces go to its /v1/traces, as protobuf over HTTP',
    ),
  ),
  otelTracesEndpoint: optional(
    url(
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
      ['http', 'https'],
      'Full URL that traces go to, where it is not /v1/traces below the endpoint',
    ),
  ),
  otelHeaders: optional(
    text(
      'OTEL_EXPORTER_OTLP_HEADERS',
      'Headers sent to the OTLP endpoint, such as api-key=…, parted by commas',
      { secret: true },
    ),
  ),
  otelServiceName: optional(
    text('OTEL_SERVICE_NAME', 'What the app is called in traces; its own name where not set'),
  ),
  otelResourceAttributes: optional(
    text(
      'OTEL_RESOURCE_ATTRIBUTES',
      'What traces say of the app besides, such as deployment.environment.name=production, parted by commas',
    ),
  ),
  otelSampler: optional(
    oneOf(
      'OTEL_TRACES_SAMPLER',
      [
        'always_on',
        'always_off',
        'traceidratio',
        'parentbased_always_on',
        'parentbased_always_off',
        'parentbased_traceidratio',
      ],
      'Which traces are kept; where not set all that a client does not ask to leave out',
    ),
  ),
  otelSamplerArg: optional({
    name: 'OTEL_TRACES_SAMPLER_ARG',
    description: 'Share of traces that the traceidratio samplers keep',
    allowed: 'a number from 0 to 1',
    schema: z.string().refine((value) => Number(value) >= 0 && Number(value) <= 1),
  } satisfies Variable<z.ZodString>),
} as const;
