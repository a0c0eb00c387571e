import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig, serviceSettings } from '../src/config.ts';

const DATABASE_URL = 'postgresql://app:secret@db:5432/app';
const load = (environment: NodeJS.ProcessEnv) =>
  loadConfig(serviceSettings, { DATABASE_URL, ...environment });

describe('the environment', () => {
  test('needs nothing but a database', () => {
    expect(load({})).toEqual({
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: 3000,
      DATABASE_URL,
      DATABASE_POOL_SIZE: 10,
      DATABASE_STATEMENT_TIMEOUT_MS: 10_000,
      LOG_LEVEL: 'info',
      TRUSTED_PROXY_HOPS: 0,
      BODY_LIMIT_BYTES: 100_000,
      REQUEST_TIMEOUT_MS: 30_000,
      DRAIN_SECONDS: 5,
    });
  });

  test('counts an empty variable as unset', () => {
    expect(load({ PORT: '' }).PORT).toBe(3000);
    expect(() => load({ DATABASE_URL: '' })).toThrow('DATABASE_URL is not set');
  });

  test('does not drain in development', () => {
    expect(load({ NODE_ENV: 'development' }).DRAIN_SECONDS).toBe(0);
  });

  test('may call a level by either of its names', () => {
    expect(load({ LOG_LEVEL: 'warning' }).LOG_LEVEL).toBe('warn');
  });

  test('has all its faults named at once', () => {
    const faulty = {
      DATABASE_URL: undefined,
      PORT: '80a',
      TRUSTED_PROXY_HOPS: 'true',
      LOG_LEVEL: 'all',
    };
    expect(() => load(faulty)).toThrow(
      new ConfigError(
        [
          'LOG_LEVEL must be debug, info, warn or error',
          'DATABASE_URL is not set; it looks like postgresql://user:password@host:port/database',
          'PORT must be a whole number from 0 to 65535',
          'TRUSTED_PROXY_HOPS must be a whole number from 0 to 100',
        ].join('\n'),
      ),
    );
  });

  test.for(['-1', '1.5', '1e3', ' 1', '65536'])('is refused with PORT=%j', (PORT) => {
    expect(() => load({ PORT })).toThrow('PORT must be a whole number from 0 to 65535');
  });

  test('is not repeated in the complaint, where it may be a secret', () => {
    expect(() => load({ DATABASE_URL: 'mysql://app:hunter2@db/app' })).toThrow(
      /^DATABASE_URL must look like (?!.*hunter2)/,
    );
  });

  test('is refused in production with the password of the example', () => {
    const url = 'postgresql://app:change-me@db:5432/app';
    expect(() => load({ DATABASE_URL: url })).toThrow('DATABASE_URL still has the password');
    expect(load({ DATABASE_URL: url, NODE_ENV: 'development' }).DATABASE_URL).toBe(url);
  });
});
