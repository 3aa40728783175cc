export { acknowledge, deadLetter, retryLater } from './consumer/decision';
export type { Decision } from './consumer/decision';
export { Consumers } from './consumer/consumers';
export type { ConsumeOptions, Consumer, ConsumerState } from './consumer/consumers';
export type { ReceivedMessage } from './consumer/received-message';
export {
  BrokerUnreachableError,
  ConsumerDuplicateError,
  ManagementUnavailableError,
  MessageTooLargeError,
  ProbeUnansweredError,
  PublishError,
  PublishRejectedError,
  PublishUnknownError,
  PublishUnroutableError,
  PublisherBlockedError,
  PublisherDisconnectedError,
  TopologyMissingError,
} from './errors';
export type { Messaging, MessagingLogger, MessagingOptions } from './messaging';
export { Prober } from './prober';
export { Publisher } from './publisher/publisher';
export type { PublishItem, PublishOptions, PublishOutcome } from './publisher/publisher';
export { MessagingStatus } from './status';
export type { MessagingSnapshot } from './status';
