import { Module, type DynamicModule } from '@nestjs/common';
import { CONFIG, type Config } from './config.js';
import { HealthController } from './health.controller.js';
import { MessageStore } from './messages/message.store.js';
import { MessagesController } from './messages/messages.controller.js';
import { PagesController } from './pages/pages.controller.js';
import { SmtpReceiver } from './receive/smtp-receiver.js';

@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      controllers: [PagesController, MessagesController, HealthController],
      providers: [{ provide: CONFIG, useValue: config }, MessageStore, SmtpReceiver],
    };
  }
}
