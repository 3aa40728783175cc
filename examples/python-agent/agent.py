"""An agent in plain Python and pika: `agent.py [AGENT STAGE]` takes AGENT's stages, and reports.
Only the main thread talks to RabbitMQ, and what goes wrong there ends the process: what it had not
acknowledged goes to another instance."""
import collections, contextlib, itertools, json, os, re, resource, signal, socket, sys, threading
import time, uuid
from urllib.parse import unquote, urlsplit
import pika

AGENT, STAGE = sys.argv[1:3] or ("websearch", "web_search")
BEAT_MS = int(os.environ.get("AGENT_HEARTBEAT_INTERVAL_MS", 5000))
FIELDS = {"taskId": str, "stage": str, "attempt": int, "userId": str, "query": str, "input": dict,
          "upstream": dict, "timeoutMs": int, "deadlineAt": str}

class RetryLater(Exception): """Raised by work(), with the milliseconds before the next attempt."""

def work(request):
    """The stage itself: your own work goes here; what it raises fails the attempt."""
    return {"passages": [], "note": f"An example that searches nothing for: {request['query']}"}

def directed_work(request):
    """The work, or what a conformance run asks for before or instead of it."""
    asked = os.environ.get("AGENT_CONFORMANCE") == "true" and request["input"].get("conformance")
    if asked and asked["do"] != "work":
        raise RetryLater(asked["ms"]) if asked["do"] == "retry_later" else RuntimeError("As asked")
    time.sleep(asked["ms"] / 1000 if asked else 0)
    return work(request)

def read(headers, body):
    """The request, its size and depth checked before it is parsed; ValueError where it is none."""
    brackets = re.sub(rb'(?s)"(?:[^"\\]|\\.)*"', b"", body[:2**20])
    levels = itertools.accumulate((byte in b"[{") - (byte in b"]}") for byte in brackets)
    allowed = len(body) <= 2**20 and max(levels, default=0) <= 64
    request = json.loads(body.decode("utf-8")) if allowed else None
    fields = {name: type(request[name]) for name in request} if type(request) is dict else None
    if headers.get("cloudEvents:type") != "stage.requested.v1" or fields != FIELDS:
        raise ValueError("no stage.requested.v1")
    return request

def address_of(name):
    """A server's URL, with APP_LOGIN where it names no user."""
    url, login = os.environ[name], os.environ.get("APP_LOGIN")
    return url.replace("//", f"//{login}@", 1) if login and "@" not in url else url

def has_ended(task_id):
    """Whether Redis, which need not know, shows a task that nobody waits for any more."""
    url = urlsplit(address_of("REDIS_URL"))
    ask = (f"AUTH {unquote(url.username or 'default')} {unquote(url.password or 'none')}\r\n"
           f"HGET {os.environ.get('REDIS_KEY_PREFIX', '')}task:{{{task_id}}} status\r\nQUIT\r\n")
    address = (url.hostname, url.port or 6379)
    with contextlib.suppress(OSError), socket.create_connection(address, timeout=2) as redis:
        redis.sendall(ask.encode())
        return {b"complete", b"failed", b"aborted"} & set(redis.makefile("rb").read().split())

def now(): return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
def uuid7():
    return str(uuid.UUID(int=time.time_ns() // 10**6 << 80 | 7 << 76 | uuid.uuid4().int % 2**76))

def publish(event, about, subject, payload, trace={}):
    """Persistent, mandatory and confirmed: raises where a queue has not got it."""
    attributes = {"specversion": "1.0", "id": uuid7(), "type": f"{event}.v1", "time": now(),
                  "source": f"/{AGENT}-agent", "subject": subject}
    headers = trace | {f"cloudEvents:{name}": value for name, value in attributes.items()}
    channel.basic_publish("mcp.events", f"{event}.{about}", json.dumps(payload), mandatory=True,
                          properties=pika.BasicProperties("application/json", "utf-8", headers, 2))

def take(_channel, method, properties, body):
    headers, tag = properties.headers or {}, method.delivery_tag
    if "x-mcp-probe" in headers:  # Is answered, and is no work.
        answer = pika.BasicProperties(correlation_id=properties.correlation_id,
                                      headers={"x-mcp-consumer": INSTANCE})
        channel.basic_publish("mcp.events", properties.reply_to or "", b"", answer)
        return channel.basic_ack(tag)
    try:
        request = read(headers, body)
    except ValueError:
        return channel.basic_reject(tag, requeue=False)  # To mcp.dead_letter.
    attempt = (request["taskId"], request["stage"], request["attempt"])
    if attempt in seen:  # A duplicate; the first one is acknowledged when it is reported.
        return channel.basic_ack(tag)
    seen.append(attempt)
    at_work.add(tag)
    trace = {name: headers[name] for name in headers.keys() & {"traceparent"}}
    threading.Thread(target=work_off, args=(request, tag, trace), daemon=True).start()

def work_off(request, tag, trace):
    started_at, started, event = now(), time.monotonic(), "stage.completed"
    try:
        result = {"output": directed_work(request)}
    except Exception as error:
        pause = {"retryAfterMs": error.args[0]} if isinstance(error, RetryLater) else {}
        event, result = "stage.failed", {"error": {
            "code": type(error).__name__, "message": str(error), "retryable": True, **pause}}
    report = {name: request[name] for name in ("taskId", "stage", "attempt")} | result | {
        "agent": AGENT, "instanceId": INSTANCE, "startedAt": started_at,
        "durationMs": (time.monotonic() - started) * 1000}
    wanted = not has_ended(request["taskId"])
    def settle():
        if wanted:
            publish(event, report["stage"], report["taskId"], report, trace)
            counts[event] += 1
        channel.basic_ack(tag)
        at_work.discard(tag)
    connection.add_callback_threadsafe(settle)

def beat(status="healthy"):
    publish("agent.heartbeat", AGENT, INSTANCE, {
        "agent": AGENT, "instanceId": INSTANCE, "version": "example", "status": status,
        "queue": f"{AGENT}.task", "stages": [STAGE], "startedAt": STARTED_AT, "intervalMs": BEAT_MS,
        "inFlight": len(at_work), "processed": counts["stage.completed"], "cpuPercent": 0,
        "failed": counts["stage.failed"], "memoryBytes": resource.getrusage(0).ru_maxrss * 1024})
    connection.call_later(BEAT_MS / 1000, beat)

INSTANCE, STARTED_AT, counts = uuid7(), now(), collections.Counter()
seen, at_work, stopping = collections.deque(maxlen=10_000), set(), threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopping.set())
connection = pika.BlockingConnection(pika.URLParameters(address_of("RABBITMQ_URL")))
channel = connection.channel()
channel.confirm_delivery()
channel.basic_qos(prefetch_count=10)
consumer = channel.basic_consume(f"{AGENT}.task", take, consumer_tag=INSTANCE)
beat("starting")
while not stopping.is_set(): connection.sleep(0.1)
channel.basic_cancel(consumer)
connection.call_later(int(os.environ.get("AGENT_DRAIN_TIMEOUT_MS", 20000)) / 1000, at_work.clear)
while at_work: connection.sleep(0.1)
beat("stopping")
connection.close()
