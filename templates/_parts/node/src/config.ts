import { z } from 'zod';

/** A whole number, as the environment spells it. */
export const integer = (min: number, max: number) =>
  z.string().transform((text, context) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) {
      return value;
    }
    context.addIssue(`must be a whole number from ${min} to ${max}`);
    return z.NEVER;
  });

const databaseUrl = z
  .string('is not set; it looks like postgresql://user:password@host:port/database')
  .refine(
    (value) => ['postgresql:', 'postgres:'].includes(URL.parse(value)?.protocol ?? ''),
    'must look like postgresql://user:password@host:port/database',
  );

/** What any command that talks to the database reads. */
export const databaseSettings = {
  NODE_ENV: z
    .enum(['development', 'test', 'production'], 'must be development, test or production')
    .default('production'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'warning', 'error'], 'must be debug, info, warn or error')
    .transform((level) => (level === 'warning' ? 'warn' : level))
    .default('info'),
  DATABASE_URL: databaseUrl,
  DATABASE_POOL_SIZE: integer(1, 1000).default(10),
  DATABASE_STATEMENT_TIMEOUT_MS: integer(1, 3_600_000).default(10_000),
};

/** What the service reads. */
export const serviceSettings = {
  ...databaseSettings,
  HOST: z.string().default('127.0.0.1'),
  PORT: integer(0, 65_535).default(3000),
  TRUSTED_PROXY_HOPS: integer(0, 100).default(0),
  BODY_LIMIT_BYTES: integer(1, 1_000_000_000).default(100_000),
  REQUEST_TIMEOUT_MS: integer(1, 3_600_000).default(30_000),
  DRAIN_SECONDS: integer(0, 3600),
};

export type Settings<S extends z.ZodRawShape> = Readonly<z.output<z.ZodObject<S>>>;
export type DatabaseConfig = Settings<typeof databaseSettings>;
export type ServiceConfig = Settings<typeof serviceSettings>;

/** Every fault of the environment at once: it names variables, never their values. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Reads and checks the environment, once, at start. */
export function loadConfig<S extends typeof databaseSettings>(
  shape: S,
  environment: NodeJS.ProcessEnv,
): Settings<S> {
  // An empty variable counts as unset: a compose file cannot leave one out.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const production = (given.NODE_ENV ?? 'production') === 'production';

  const result = z.object(shape).safeParse({ DRAIN_SECONDS: production ? '5' : '0', ...given });
  const faults = (result.error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')} ${message}`,
  );
  if (production && URL.parse(given.DATABASE_URL ?? '')?.password === 'change-me') {
    faults.push('DATABASE_URL still has the password "change-me"');
  }
  if (!result.success || faults.length > 0) {
    throw new ConfigError(faults.join('\n'));
  }
  return Object.freeze(result.data);
}
