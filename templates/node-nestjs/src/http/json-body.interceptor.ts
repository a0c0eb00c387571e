import {
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, RequestHandler, Response } from 'express';
import type { ServiceConfig } from '../config.ts';
import { CONFIG } from '../core.module.ts';
import { jsonBody } from './json-body.ts';

const METHODS = new Set(['POST', 'PUT', 'PATCH']);

/** Marks a handler, or a controller, that reads its body itself, as one with a `FileInterceptor` does. */
export const OwnBody = Reflector.createDecorator<void, boolean>({ transform: () => true });

/** Reads the body only when a handler has been found: what is not there is a 404 or 405, whatever the body. */
@Injectable()
export class JsonBodyInterceptor implements NestInterceptor {
  readonly #read: RequestHandler;

  constructor(
    @Inject(CONFIG) config: ServiceConfig,
    private readonly reflector: Reflector,
  ) {
    this.#read = jsonBody(config.BODY_LIMIT_BYTES);
  }

  async intercept(context: ExecutionContext, next: CallHandler) {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const places = [context.getHandler(), context.getClass()];
    if (METHODS.has(request.method) && !this.reflector.getAllAndOverride(OwnBody, places)) {
      await this.#read(request, http.getResponse<Response>(), () => {});
    }
    return next.handle();
  }
}
