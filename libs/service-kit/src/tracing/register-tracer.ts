import { newId } from '@askflash/config';
import { context, propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator, parseKeyPairsIntoRecord } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, ConsoleSpanExporter } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import type { TracingOptions } from './tracing-options';
import { WatchedExporter } from './watched-exporter';

/**
 * Makes OpenTelemetry's SDK the tracer of the process. It reads sampler, batching, service name and
 * resource attributes out of the environment by itself. Loaded only where tracing is on.
 *
 * @returns sends what waits, and ends it
 */
export function registerTracer({
  appName,
  instanceId = newId(),
  config,
}: TracingOptions): () => Promise<void> {
  const own = { [ATTR_SERVICE_NAME]: appName, 'service.instance.id': instanceId };
  const exporter =
    config.otelExporter === 'console'
      ? new ConsoleSpanExporter()
      : new WatchedExporter(otlpExporter(config));
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes(own))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register({ propagator: new W3CTraceContextPropagator() });
  return () => {
    for (const api of [trace, context, propagation]) api.disable();
    return provider.shutdown();
  };
}

/** Where a setting comes from a file, the exporter would not find it in the environment. */
function otlpExporter({
  otelEndpoint,
  otelTracesEndpoint,
  otelHeaders,
}: TracingOptions['config']): OTLPTraceExporter {
  const url =
    otelTracesEndpoint ?? (otelEndpoint && `${otelEndpoint.replace(/\/$/, '')}/v1/traces`);
  return new OTLPTraceExporter({
    ...(url === undefined ? {} : { url }),
    ...(otelHeaders === undefined ? {} : { headers: parseKeyPairsIntoRecord(otelHeaders) }),
  });
}
