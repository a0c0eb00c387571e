import { describe, expect } from 'vitest';
import { administer } from '../support/database.ts';
import { eventually, jobsOf, test } from './processes.ts';

const DAY = { day: '2025-11-23' };
const KIND = { job: 'write-digest' };

// They wait, more than they work.
describe.concurrent('a worker', { timeout: 120_000 }, () => {
  test('with a bad environment says all that is wrong and exits with 1', async ({
    startWorker,
  }) => {
    const worker = startWorker({ DATABASE_URL: 'nonsense', WORKER_CONCURRENCY: '0' });
    expect(await worker.exit).toBe(1);
    expect(await worker.stderr).toBe(
      'DATABASE_URL must look like postgresql://user:password@host:port/database\n' +
        'WORKER_CONCURRENCY must be a whole number from 1 to 1000\n',
    );
  });

  test('does a job, and its lines have the ids of the job and of the request', async ({
    databaseUrl,
    service,
    startWorker,
  }) => {
    const worker = startWorker();
    await worker.logged({ msg: 'working' });
    const response = await service.send('POST', '/api/digests', DAY);
    const ours = { ...KIND, attempt: 1, request_id: response.headers.get('X-Request-Id') };
    const { job_id } = await worker.logged({ ...ours, msg: 'job started' });
    await worker.logged({ ...ours, msg: 'job done', job_id });
    await eventually(async () =>
      expect(await jobsOf(databaseUrl, 'write-digest')).toMatchObject([
        { id: job_id, state: 'completed' },
      ]),
    );
    const { items } = (await (await service.request('/api/notes')).json()) as { items: object[] };
    expect(items).toMatchObject([{ title: `Digest of ${DAY.day}` }]);
  });

  test('does the job of another that was killed', async ({
    service,
    hurry,
    holdNotes,
    startWorker,
  }) => {
    await hurry();
    const release = await holdNotes();
    await service.send('POST', '/api/digests', DAY);
    const killed = startWorker();
    const { job_id } = await killed.logged({ ...KIND, msg: 'job started', attempt: 1 });
    const other = startWorker();
    await other.logged({ msg: 'working' });
    killed.kill('SIGKILL');
    expect(await killed.exit).toBeNull();
    await release();
    await other.logged({ ...KIND, msg: 'job done', job_id, attempt: 2 });
  });

  test('lets a job finish when it has to stop', async ({
    databaseUrl,
    service,
    holdNotes,
    startWorker,
  }) => {
    const release = await holdNotes();
    await service.send('POST', '/api/digests', DAY);
    const worker = startWorker();
    await worker.logged({ ...KIND, msg: 'job started' });
    worker.kill('SIGTERM');
    await worker.logged({ msg: 'leaving', running: 1 });
    await release();
    expect(await worker.exit).toBe(0);
    expect(worker.lines.slice(-2)).toMatchObject([{ msg: 'job done' }, { msg: 'stopped' }]);
    expect(await worker.stderr).toBe('');
    expect(await jobsOf(databaseUrl, 'write-digest')).toMatchObject([{ state: 'completed' }]);
  });

  test('gives a job back that does not finish in time, and another does it', async ({
    service,
    hurry,
    holdNotes,
    startWorker,
  }) => {
    await hurry();
    const release = await holdNotes();
    await service.send('POST', '/api/digests', DAY);
    const worker = startWorker({ WORKER_GRACE_SECONDS: '1' });
    const { job_id } = await worker.logged({ ...KIND, msg: 'job started' });
    worker.kill('SIGTERM');
    expect(await worker.exit).toBe(0);
    await worker.logged({ msg: 'jobs were given back', running: 1 });
    await release();
    const other = startWorker();
    await other.logged({ ...KIND, msg: 'job done', job_id, attempt: 2 });
  });

  test('waits for the database, and goes on when that was away', async ({
    proxy,
    service,
    startWorker,
  }) => {
    proxy.cut();
    const worker = startWorker({ DATABASE_URL: proxy.url });
    await worker.logged({ level: 'warn' });
    proxy.open();
    await worker.logged({ msg: 'working' });
    proxy.cut();
    await service.send('POST', '/api/digests', DAY);
    proxy.open();
    await worker.logged({ ...KIND, msg: 'job done' });
  });

  test('stops while it waits for the database', async ({ proxy, startWorker }) => {
    proxy.cut();
    const worker = startWorker({ DATABASE_URL: proxy.url });
    await worker.logged({ level: 'warn' });
    worker.kill('SIGTERM');
    expect(await worker.exit).toBe(0);
  });

  test('is one of two by whom each time of the clock makes one job', async ({
    databaseUrl,
    startWorker,
  }) => {
    await administer(
      databaseUrl,
      "UPDATE jobs.schedule SET cron = '* * * * *' WHERE name = 'digest-of-yesterday'",
    );
    const workers = [startWorker(), startWorker()];
    await Promise.all(workers.map((worker) => worker.logged({ msg: 'working' })));

    // Each of the two looks at the clock every second.
    const looks = new Set<number>();
    await eventually(async () => {
      const { rows } = await administer(databaseUrl, 'SELECT cron_on FROM jobs.version');
      expect(looks.add(Number(rows[0].cron_on)).size).toBeGreaterThan(5);
    });

    const { rows } = await administer(
      databaseUrl,
      `SELECT count(DISTINCT singleton_on)::int AS times FROM jobs.job WHERE name LIKE '%send-it'`,
    );
    const sent = await jobsOf(databaseUrl, 'digest-of-yesterday');
    expect(sent).toHaveLength(rows[0].times);
    expect(sent.length).toBeLessThanOrEqual(2); // a minute may have begun
    await Promise.any(
      workers.map((worker) => worker.logged({ msg: 'job done', job: 'digest-of-yesterday' })),
    );
  });

  test('removes what has ended after a day, and dead letters after a month', async ({
    databaseUrl,
    startWorker,
  }) => {
    await administer(
      databaseUrl,
      `INSERT INTO jobs.job (id, name, state, completed_on, deletion_seconds, keep_until)
       SELECT gen_random_uuid(), name, state::jobs.job_state, CASE state WHEN 'completed' THEN at END,
              deletion_seconds, at + retention_seconds * interval '1 second'
       FROM (VALUES ('write-digest', 'completed', now() - interval '23 hours'),
                    ('write-digest', 'completed', now() - interval '25 hours'),
                    ('dead-letters', 'created', now() - interval '29 days'),
                    ('dead-letters', 'created', now() - interval '31 days')) AS old (name, state, at)
       JOIN jobs.queue USING (name)`,
    );
    startWorker();
    await eventually(async () => {
      const { rows } = await administer(
        databaseUrl,
        // Those above, and none that the clock has sent meanwhile.
        `SELECT name FROM jobs.job WHERE name IN ('write-digest', 'dead-letters') AND data IS NULL
         ORDER BY name`,
      );
      expect(rows).toEqual([{ name: 'dead-letters' }, { name: 'write-digest' }]);
    });
  });
});
