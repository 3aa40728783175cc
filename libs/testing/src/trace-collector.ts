import { buffer } from 'node:stream/consumers';
import { startHttpServer } from './http-server';
import { protobufFields, protobufNumber, protobufParts } from './protobuf-fields';

/** A span as a collector gets it. */
export interface CollectedSpan {
  /** `service.name` of the app it is of. */
  readonly service: string;
  readonly name: string;
  readonly kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  readonly traceId: string;
  readonly spanId: string;
  /** Empty of a root. */
  readonly parentId: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly failed: boolean;
}

/** An OTLP endpoint that keeps what it gets. */
export interface TraceCollector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly spans: readonly CollectedSpan[];
  close(): Promise<void>;
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const ERROR = 2;

/** Starts a collector of traces, as protobuf over HTTP, on a free port. */
export async function startTraceCollector(): Promise<TraceCollector> {
  const spans: CollectedSpan[] = [];
  const { url, close } = await startHttpServer(async (request, response) => {
    spans.push(...spansOf(await buffer(request)));
    response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
  });
  return { url, spans, close };
}

/** https://github.com/open-telemetry/opentelemetry-proto: ExportTraceServiceRequest */
function spansOf(request: Buffer): CollectedSpan[] {
  return protobufParts(request, 1).flatMap((resourceSpans) => {
    const [resource = EMPTY] = protobufParts(resourceSpans, 1);
    const service = String(attributesOf(protobufParts(resource, 1))['service.name']);
    return protobufParts(resourceSpans, 2)
      .flatMap((scopeSpans) => protobufParts(scopeSpans, 2))
      .map((span) => toSpan(service, span));
  });
}

function toSpan(service: string, span: Buffer): CollectedSpan {
  const [first = EMPTY, second = EMPTY, parent = EMPTY, name = EMPTY, status = EMPTY] = [
    1, 2, 4, 5, 15,
  ].map((number) => protobufParts(span, number)[0]);
  return {
    service,
    name: name.toString(),
    kind: KINDS[protobufNumber(span, 6)] ?? 'unspecified',
    traceId: first.toString('hex'),
    spanId: second.toString('hex'),
    parentId: parent.toString('hex'),
    attributes: attributesOf(protobufParts(span, 9)),
    failed: protobufNumber(status, 3) === ERROR,
  };
}

function attributesOf(keyValues: readonly Buffer[]): Record<string, string | number> {
  return Object.fromEntries(
    keyValues.map((keyValue) => {
      const [key = EMPTY, any = EMPTY] = [1, 2].map((number) => protobufParts(keyValue, number)[0]);
      const [value] = protobufFields(any);
      return [key.toString(), value?.kind === 'number' ? value.value : String(value?.value)];
    }),
  );
}

const EMPTY = Buffer.alloc(0);
