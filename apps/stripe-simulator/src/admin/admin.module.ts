import { Global, Module } from '@nestjs/common';
import { AdminRoutes } from './admin-routes.js';
import { AdminServer } from './admin-server.js';

/** By which the simulator is told to misbehave, and asked what it did. */
@Global()
@Module({ providers: [AdminRoutes, AdminServer], exports: [AdminRoutes] })
export class AdminModule {}
