export { runDeadLetterCommand } from './dead-letters/command.js';
export { DEFAULT_RETRY_DELAYS, RetryDelays } from './messaging-options.js';
export { createMessagingTables, dropMessagingTables } from './messaging-tables.js';
export { MessagingModule, messageStrategy } from './messaging.module.js';
export { Messaging } from './messaging.js';
export { OnMessage } from './on-message.js';
export { Outbox } from './outbox/outbox.js';
export { migrateBroker } from './pg-boss/migrate-broker.js';
export { deleteMessages } from './rabbitmq/delete-messages.js';
