import { describe, expect } from 'vitest';
import { connect } from '../../src/jobs/connect.ts';
import { createLog } from '../../src/log.ts';
import { administer } from '../support/database.ts';
import { eventually, jobsOf, runCommand, test } from './processes.ts';

const DAY = { day: '2025-11-23' };
/** Not the one that the clock may send meanwhile. */
const OF_DAY = `data->'payload'->>'day' = '${DAY.day}'`;
const DAY_MS = 24 * 60 * 60 * 1000;
const FIRST = new Date(Date.now() - 5 * DAY_MS);
const DAY_BEFORE_FIRST = new Date(FIRST.getTime() - DAY_MS).toISOString().slice(0, 10);
const FAILED = { job: 'write-digest', msg: 'job failed' };

// They wait, more than they work.
describe.concurrent('a job that fails', { timeout: 120_000 }, () => {
  test('is tried again, then is a dead letter, and can be sent again', async ({
    databaseUrl,
    service,
    hurry,
    startWorker,
  }) => {
    await hurry();
    await administer(databaseUrl, 'ALTER TABLE notes RENAME TO away');
    await service.send('POST', '/api/digests', DAY);
    const worker = startWorker();
    await worker.logged({ ...FAILED, attempt: 1, retried: true, level: 'warn' });
    await worker.logged({ ...FAILED, attempt: 2, retried: true });
    const last = await worker.logged({ ...FAILED, attempt: 3, retried: false, level: 'error' });

    const stdout = await eventually(async () => {
      const listed = await runCommand(databaseUrl, 'failed');
      expect(listed.stdout).toContain('write-digest {"day":"2025-11-23"}  attempts: 3');
      return listed.stdout;
    });
    expect(stdout).toContain('error: relation "notes" does not exist');
    const id = /^(\S+) .*2025-11-23/m.exec(stdout)?.[1] ?? '';

    await administer(databaseUrl, 'ALTER TABLE away RENAME TO notes');
    const retried = await runCommand(databaseUrl, 'retry', id);
    expect(retried).toEqual({ code: 0, stdout: `${id}  sent\n`, stderr: '' });
    const done = await worker.logged({ job: 'write-digest', msg: 'job done', attempt: 1 });
    expect(done.job_id).toBe(last.job_id);
    const listed = await runCommand(databaseUrl, 'failed');
    expect(listed).toMatchObject({ code: 0, stdout: expect.not.stringContaining(id), stderr: '' });
  });

  test.for([
    ['once', { sent: FIRST, kept: {} }],
    ['twice', { sent: new Date(), kept: { created_at: FIRST.toISOString() } }],
  ] as const)(
    'is still the same job when it is retried days later, %s',
    async ([, { sent, kept }], { databaseUrl, startWorker }) => {
      const { rows } = await administer(
        databaseUrl,
        `INSERT INTO jobs.job (name, data, source_name, source_id, source_root_id, source_created_on)
         VALUES ('dead-letters', '${JSON.stringify({ payload: {}, ...kept })}', 'digest-of-yesterday',
                 gen_random_uuid(), gen_random_uuid(), '${sent.toISOString()}')
         RETURNING id, source_root_id`,
      );
      const [{ id, source_root_id }] = rows;
      expect(await runCommand(databaseUrl, 'retry', id)).toMatchObject({ stdout: `${id}  sent\n` });
      await startWorker().logged({ job_id: source_root_id, msg: 'job done', attempt: 1 });
      expect(await jobsOf(databaseUrl, 'write-digest')).toMatchObject([
        { data: { payload: { day: DAY_BEFORE_FIRST } } },
      ]);
    },
  );

  test('is tried again later and later, seven times', async ({
    databaseUrl,
    service,
    startWorker,
  }) => {
    await administer(databaseUrl, 'ALTER TABLE notes RENAME TO away');
    await service.send('POST', '/api/digests', DAY);
    const worker = startWorker();
    await worker.logged({ ...FAILED, attempt: 1 });

    /** Lets it fail for the given time, at once; gives how long it then has to wait. */
    const failAgain = async (retryCount: number) => {
      await eventually(async () => {
        const { rowCount } = await administer(
          databaseUrl,
          `UPDATE jobs.job SET retry_count = ${retryCount - 1}, start_after = now()
           WHERE state = 'retry' AND ${OF_DAY}`,
        );
        expect(rowCount).toBe(1);
      });
      await worker.logged({ ...FAILED, attempt: retryCount + 1 });
      return eventually(async () => {
        const { rows } = await administer(
          databaseUrl,
          `SELECT extract(epoch FROM start_after - now())::float AS seconds FROM jobs.job
           WHERE state IN ('retry', 'failed') AND retry_count = ${retryCount} AND ${OF_DAY}`,
        );
        expect(rows).toHaveLength(1);
        return rows[0].seconds as number;
      });
    };
    expect(await failAgain(3)).toBeLessThan(await failAgain(6));
    await failAgain(7);
    await worker.logged({ ...FAILED, attempt: 8, retried: false });
  });

  test('for what no further attempt can mend is a dead letter at once', async ({
    databaseUrl,
    startWorker,
  }) => {
    const boss = connect(databaseUrl, createLog('warn'), { max: 1 });
    await boss.start();
    await boss.send('write-digest', { payload: { day: 'today' } });
    await boss.stop({ graceful: false });
    await startWorker().logged({ ...FAILED, attempt: 1, retried: false });
    await eventually(async () => {
      const { stdout } = await runCommand(databaseUrl, 'failed');
      expect(stdout).toMatch(
        /write-digest \{"day":"today"\} {2}attempts: 1\n {4}PermanentError: .* day must be a day/,
      );
    });
  });
});

test('the command explains itself', async ({ databaseUrl }) => {
  const commands = [[], ['failed', 'x'], ['retry'], ['remove', 'x']];
  for (const { code, stderr } of await Promise.all(
    commands.map((args) => runCommand(databaseUrl, ...args)),
  )) {
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^usage: /)]);
  }
});

test('all are listed, however many', async ({ databaseUrl }) => {
  await administer(
    databaseUrl,
    `INSERT INTO jobs.job (name, data, source_name)
     SELECT 'dead-letters', '{"payload":{}}', 'write-digest' FROM generate_series(1, 2500)`,
  );
  const { stdout } = await runCommand(databaseUrl, 'failed');
  expect(stdout.match(/write-digest/g)).toHaveLength(2500);
});

test('what is no dead letter is not sent', async ({ databaseUrl }) => {
  const id = '00000000-0000-4000-8000-000000000000';
  const { code, stdout } = await runCommand(databaseUrl, 'retry', id, 'nonsense');
  expect(code).toBe(1);
  expect(stdout).toBe(`${id}  no such dead letter\nnonsense  no such dead letter\n`);
});
