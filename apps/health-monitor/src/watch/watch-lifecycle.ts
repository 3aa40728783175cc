import {
  Injectable,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Watch } from './watch';

/** Starts the watch with the app, and ends it before connections close. */
@Injectable()
export class WatchLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly watch: Watch) {}

  onApplicationBootstrap(): void {
    this.watch.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.watch.stop();
  }
}
