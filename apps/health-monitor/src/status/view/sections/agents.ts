import type { AgentStatus } from '@askflash/contracts';
import type { InstanceStatus } from '../../status-snapshot';
import { count, counted, mebibytes, percent } from '../format';
import { html, type Html } from '../html';
import { lasting, since } from '../moment';
import { empty, section, unseen, type Section } from '../section';
import { table, type Column } from '../table';
import { badge, type Tone } from '../tone';

/** So many instances are shown at once; of more, those agents are folded up that are all healthy. */
const SHOWN_COUNT = 20;

const TONES: Readonly<Record<AgentStatus, Tone>> = {
  healthy: 'good',
  starting: 'busy',
  stopping: 'idle',
  unknown: 'unknown',
  unhealthy: 'bad',
};

/** Every instance, by agent. */
export function agents(all: readonly InstanceStatus[] | undefined, at: Date, now: Date): Section {
  if (!all) return section('agents', 'Agents', '', unseen('Agents'));
  const byAgent = new Map<string, InstanceStatus[]>();
  for (const instance of all) {
    byAgent.set(instance.agent, [...(byAgent.get(instance.agent) ?? []), instance]);
  }
  const groups = [...byAgent].sort(([one], [other]) => one.localeCompare(other));
  const content = all.length
    ? groups.map(([agent, own]) => toGroup(agent, own, columns(at, now), all.length <= SHOWN_COUNT))
    : empty('No instance has sent a heartbeat.');
  return section('agents', 'Agents', counted(all.length, 'instance'), content);
}

function toGroup(
  agent: string,
  instances: readonly InstanceStatus[],
  shown: readonly Column<InstanceStatus>[],
  isFew: boolean,
): Html {
  const ill = instances.filter(({ status }) => status !== 'healthy');
  const isOpen = isFew || ill.length > 0;
  return html`<details id="agent-${agent}" ${isOpen ? html`open` : undefined}>
    <summary id="agent-${agent}-summary">
      <h3>${agent}</h3>
      <span class="tally">${tally(instances)}</span>
    </summary>
    ${table(`Instances of ${agent}`, shown, instances)}
  </details>`;
}

/** How many instances have which status, the worst last. */
function tally(instances: readonly InstanceStatus[]): Html[] {
  return Object.entries(TONES).flatMap(([status, tone]) => {
    const { length } = instances.filter((instance) => instance.status === status);
    return length > 0 ? [badge(tone, `${count(length)} ${status}`)] : [];
  });
}

function columns(at: Date, now: Date): Column<InstanceStatus>[] {
  return [
    { title: 'Instance', cell: toName },
    {
      title: 'Status',
      kind: 'wide',
      cell: ({ status, statusReason }) =>
        html`${badge(TONES[status], status)}${statusReason && html`<p class="reason">${statusReason}</p>`}`,
    },
    { title: 'CPU', kind: 'figures', cell: ({ cpuPercent }) => percent(cpuPercent) },
    { title: 'Memory', kind: 'figures', cell: ({ memoryBytes }) => mebibytes(memoryBytes) },
    { title: 'In work', kind: 'figures', cell: ({ inFlight }) => count(inFlight) },
    { title: 'Processed', kind: 'figures', cell: ({ processed }) => count(processed) },
    { title: 'Failed', kind: 'figures', cell: ({ failed }) => count(failed) },
    {
      title: 'Up for',
      kind: 'figures',
      cell: ({ startedAt }) => lasting(startedAt, now),
    },
    {
      title: 'Last seen',
      kind: 'figures',
      cell: ({ lastSeenAgoMs }) => since(new Date(at.getTime() - lastSeenAgoMs), now),
    },
  ];
}

/** Ids begin with a time, so it is their ends that tell them apart. */
function toName({ instanceId, version }: InstanceStatus): Html {
  const end = instanceId.slice(-12);
  const shown = end === instanceId ? end : `…${end}`;
  return html`<code title="${instanceId}">${shown}</code> <span class="muted">${version}</span>`;
}
