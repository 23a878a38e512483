import { JwksController } from './jwks.controller.js';
import { PlatformHealthController } from './platform-health.controller.js';
import { WelcomeController } from './welcome.controller.js';

/** What the gateway answers itself. */
export const openControllers = [JwksController, PlatformHealthController, WelcomeController];
