export { Canaries } from './canary/canaries';
export type { CanaryAnswer, CanaryListener } from './canary/canaries';
export { acknowledge, deadLetter, retryLater } from './consumer/decision';
export type { Decision } from './consumer/decision';
export { Consumers } from './consumer/consumers';
export type { ConsumeOptions, Consumer, ConsumerState } from './consumer/consumers';
export type { ReceivedMessage } from './consumer/received-message';
export {
  BrokerUnreachableError,
  ConsumerDuplicateError,
  DeadLetterUnreturnableError,
  ManagementUnavailableError,
  MessageTooLargeError,
  MessagingNotReadyError,
  ProbeUnansweredError,
  PublishError,
  PublishInvalidError,
  PublishRejectedError,
  PublishUnknownError,
  PublishUnroutableError,
  PublisherBlockedError,
  PublisherDisconnectedError,
  TopologyDriftedError,
  TopologyMissingError,
} from './errors';
export { DEAD_LETTER_HEADERS } from './consumer/dead-letters';
export { DeadLetterQueue } from './dead-letters/dead-letter-queue';
export type { CheckedOut, CheckOutBounds, DeadLetter } from './dead-letters/dead-letter-queue';
export { openConnection } from './connection/open-connection';
export { connectMessaging } from './messaging';
export type { Messaging } from './messaging';
export { MessagingModule } from './messaging.module';
export type { MessagingAsyncOptions } from './messaging.module';
export type { MessagingLogger, MessagingOptions } from './messaging-options';
export { PROBE_ANSWER_PREFIX, listenForAnswers } from './probe-answers';
export { Prober } from './prober/prober';
export { Publisher } from './publisher/publisher';
export type { PublishItem, PublishOptions, PublishOutcome } from './publisher/publisher';
export { QueueCounts } from './queues/queue-counts';
export type { QueueCount } from './queues/queue-counts';
export { MessagingStatus } from './status/status';
export type { MessagingSnapshot } from './status/status';
export { assertTopology } from './topology/assert-topology';
export { assertTopologyCurrent } from './topology/assert-topology-current';
export { awaitTopology } from './topology/await-topology';
export { BROKER_PERMISSIONS } from './topology/permissions';
export type { BrokerPermissions } from './topology/permissions';
export { POLICY_PRIORITY, policyPattern } from './topology/definitions';
export type {
  BindingDefinition,
  ExchangeDefinition,
  PolicyDefinition,
  PolicyLimits,
  QueueDefinition,
  Topology,
} from './topology/definitions';
export {
  DEAD_LETTER_PREFIX,
  DEAD_LETTER_QUEUE,
  EVENTS_EXCHANGE,
  HEARTBEATS_QUEUE,
  RESPONSES_QUEUE,
  RESULTS_QUEUE,
  TASKS_EXCHANGE,
  TOPOLOGY,
} from './topology/topology';
export { QUEUE_ARGUMENTS, toDefinitions, toPolicy } from './topology/definitions-export';
export type { Definitions, WantedPolicy } from './topology/definitions-export';
export { RabbitmqManagement } from './management/rabbitmq-management';
export type { PolicyBody } from './management/rabbitmq-management';
export type {
  LiveBinding,
  LiveConsumer,
  LiveExchange,
  LiveNode,
  LivePolicy,
  LiveQueue,
} from './management/schemas';
export { checkTopology, diffTopology } from './topology/diff-topology';
export { bindingName } from './topology/difference';
export type { TopologyDifference } from './topology/difference';
export { readLiveTopology, vhostOf } from './topology/live-topology';
export type { LiveTopology } from './topology/live-topology';
