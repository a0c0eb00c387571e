import pg from 'pg';

/** Connection trouble of the operating system, and the states in which PostgreSQL takes no work. */
const CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  '53300', // too_many_connections
  '57014', // query_canceled: the statement took too long
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
]);

/** What pg says without a code. */
const MESSAGES = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Query read timeout',
  'Client has encountered a connection error',
];

/** Whether trying again later may help: the database is away, or was too slow. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  const code = 'code' in error ? String(error.code) : '';
  return (
    CODES.has(code) ||
    (error instanceof pg.DatabaseError && code.startsWith('08')) ||
    MESSAGES.some((message) => error.message.startsWith(message)) ||
    isUnavailable(error.cause)
  );
}
