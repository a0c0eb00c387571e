import { type DynamicModule, Module } from '@nestjs/common';
import type { ServiceConfig } from './config.ts';
import { Lifecycle } from './lifecycle.ts';
import type { Logger } from './log.ts';

export const CONFIG = Symbol('config');
export const LOG = Symbol('log');

/** What there is before Nest, for every module to ask for. */
@Module({})
class CoreModule {}

export function coreModule(
  config: ServiceConfig,
  log: Logger,
  lifecycle: Lifecycle,
): DynamicModule {
  const providers = [
    { provide: CONFIG, useValue: config },
    { provide: LOG, useValue: log },
    { provide: Lifecycle, useValue: lifecycle },
  ];
  return { module: CoreModule, global: true, providers, exports: providers };
}
