import type { Cause, CauseOf, Instance } from './dto';
import { count, list, span } from './words';

const UNKNOWN_AGENT = 'The health-monitor knows no instance of its agent.';

/** A cause in words, with all its figures; without what a dependency waits for itself. */
export function sentenceOf(cause: Cause): string {
  switch (cause.type) {
    case 'ended':
      return `It ended as ${cause.status} at ${cause.at}${cause.error ? `, for ${cause.error.code}: ${asSentence(cause.error.message)}` : '.'}`;
    case 'dependency':
      return `${cause.stage} waits for ${cause.dependsOn}.${whenOf(cause)}${cause.because.length === 0 ? ' Why that waits is told above.' : ''}`;
    case 'queued':
      return queued(cause);
    case 'running':
      return running(cause);
    case 'no_consumer':
      return deserted(cause);
    case 'consumers_unhealthy':
      return `Of the agent of ${cause.queue}, ${count(cause.unhealthy.length, 'instance')} cannot work, ${cause.healthy} can: ${list(cause.unhealthy.map(diagnosed))}.`;
    case 'queue_missing':
      return cause.queue === null
        ? `No agent is known for ${cause.stage}.`
        : `The queue ${cause.queue}, which carries ${cause.stage}, is missing.`;
    case 'unsent':
      return unsent(cause);
    case 'backing_off':
      return backingOff(cause);
    case 'broker_blocked':
      return 'RabbitMQ takes no messages, being short of memory or disk: requests and answers wait.';
    case 'broker_unreachable':
      return `RabbitMQ cannot be reached: ${asSentence(cause.reason)}`;
    case 'timing_out':
      return `${cause.stage === null ? 'The deadline of the task' : `The time of ${cause.stage}, attempt ${cause.attempt},`} passed ${span(cause.overdueMs)} ago; a coordinator ends it at its next look.`;
    case 'revised':
      return `${cause.stage} runs again, as moderation sent it back: revision ${cause.revision}, confidence ${cause.confidence ?? 'unknown'} where ${cause.minConfidence ?? 'more'} is wanted.`;
    case 'inserted':
      return `${cause.stage} was put in, as ${cause.before} asked for it.`;
  }
}

function queued(cause: CauseOf<'queued'>): string {
  const { queue, ready, handedOut, consumers, drainPerSecond, estimatedWaitMs } = cause;
  const others = handedOut === null ? '' : ` and ${handedOut} are with agents`;
  const pace =
    drainPerSecond === null
      ? 'how fast it drains nobody tells'
      : `it drains at ${drainPerSecond} a second`;
  const turn =
    estimatedWaitMs === null ? '' : `, so its turn comes within ${span(estimatedWaitMs)}`;
  return [
    `${attemptOf(cause)} waits in ${queue}: ${count(ready, 'message')} wait${ready === 1 ? 's' : ''} there${others}.`,
    `With ${count(consumers, 'consumer')} ${pace}${turn}.`,
    knownAs(cause.instances),
  ].join(' ');
}

function running(cause: CauseOf<'running'>): string {
  const { queue, progress, answersWaiting, instances } = cause;
  const where =
    progress === null
      ? `${attemptOf(cause)} is no longer in ${queue}: an agent has it, or its answer is on the way.`
      : `${attemptOf(cause)} is with an agent of ${queue}, which said last: ${saidOf(progress)}.`;
  const answers =
    answersWaiting === null
      ? []
      : [`${count(answersWaiting, 'answer')} of agents wait to be read.`];
  return [where, ...answers, knownAs(instances)].join(' ');
}

function deserted({ queue, ready, lastSeen }: CauseOf<'no_consumer'>): string {
  const last =
    lastSeen === null
      ? UNKNOWN_AGENT
      : `The last instance seen is ${lastSeen.agent} ${lastSeen.instanceId}, ${span(lastSeen.seenAgoMs)} ago.`;
  return `Nobody consumes ${queue}, in which ${count(ready, 'message')} wait${ready === 1 ? 's' : ''}. ${last}`;
}

function unsent({ stage, attempt, sinceMs, resends, nextInMs, refusedAgoMs }: CauseOf<'unsent'>) {
  const what = stage === null ? 'Its end' : `The request of ${stage}, attempt ${attempt},`;
  const next = nextInMs > 0 ? `the next try comes in` : 'the next try is due since';
  const refused =
    refusedAgoMs === null
      ? ''
      : ` A queue that is full refused a message ${span(refusedAgoMs)} ago.`;
  return `${what} was stored ${span(sinceMs)} ago and RabbitMQ has not confirmed it; it was sent again ${count(resends, 'time')}, ${next} ${span(nextInMs)}.${refused}`;
}

function backingOff(cause: CauseOf<'backing_off'>): string {
  const { stage, attempt, error, failures, maxFailures, nextAttemptAt, inMs, askedByAgent } = cause;
  const why = error === null ? '.' : ` with ${error.code}: ${asSentence(error.message)}`;
  const next =
    inMs > 0
      ? `The next attempt comes in ${span(inMs)}, at ${nextAttemptAt}`
      : `The next attempt is due since ${span(inMs)}, at a coordinator’s next look`;
  const asked = askedByAgent ? '; the agent asked for so long a pause' : '';
  return `${stage}, attempt ${attempt}, failed${why} That is failure ${failures} of ${maxFailures} that end the task. ${next}${asked}.`;
}

function attemptOf({ stage, attempt, sinceMs, leftMs }: CauseOf<'queued' | 'running'>): string {
  const left = leftMs > 0 ? `given up in ${span(leftMs)}` : `its time over for ${span(leftMs)}`;
  return `${stage}, attempt ${attempt} (requested ${span(sinceMs)} ago, ${left}),`;
}

function saidOf({ message, fraction }: NonNullable<CauseOf<'running'>['progress']>): string {
  const part = fraction === null ? '' : ` (${fraction} of 1)`;
  return `${message === null ? 'a piece of its answer' : `“${message}”`}${part}`;
}

function knownAs(instances: readonly Instance[]): string {
  if (instances.length === 0) return UNKNOWN_AGENT;
  return `Instances of its agent: ${list(instances.map(named))}.`;
}

function named({ instanceId, agent, status, inFlight, seenAgoMs }: Instance): string {
  return `${agent} ${instanceId} (${status}, ${inFlight} at work, seen ${span(seenAgoMs)} ago)`;
}

function diagnosed(instance: Instance): string {
  const { reason } = instance;
  return reason === null ? named(instance) : `${named(instance)}: ${reason.replace(/\.$/, '')}`;
}

function whenOf({ stage, when }: CauseOf<'dependency'>): string {
  return when === null ? '' : ` ${stage} runs only where this holds: ${when}.`;
}

function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
