import { describe, expect, vi } from 'vitest';
import { settings } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { test as base, type Service } from '../support/service.ts';
import { DEGRADED, FakeMl, INPUT, PREDICTED, reply } from './fake-ml.ts';

const test = base.extend<{ ml: FakeMl; service: Service }>({
  // biome-ignore lint/correctness/noEmptyPattern: the runner reads the names from the pattern
  ml: async ({}, use) => use(await FakeMl.start()),
  service: async ({ ml, start }, use) => use(await start({ ML_URL: ml.url })),
});

const predict = (service: Service, headers: Record<string, string> = {}) =>
  service.request('/api/predictions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ inputs: [INPUT] }),
  });

async function answerOf(service: Service): Promise<unknown> {
  const response = await predict(service);
  expect(response.status).toBe(200);
  return response.json();
}

test('a prediction is the one of the ML service, which is told the id of the request', async ({
  ml,
  service,
}) => {
  const response = await predict(service, { 'X-Request-Id': 'abc' });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ degraded: false, ...PREDICTED });
  expect(ml.requests).toEqual([{ id: 'abc', body: { inputs: [INPUT] } }]);
});

test('what it adds to its answers is left out', async ({ ml, service }) => {
  ml.answer = reply(200, { ...PREDICTED, secret: 1 });
  expect(await answerOf(service)).toEqual({ degraded: false, ...PREDICTED });
});

describe('input that is refused', () => {
  test('is never sent when it does not have the form', async ({ ml, service }) => {
    const response = await service.send('POST', '/api/predictions', {
      inputs: [{ ...INPUT, hue: 'red' }],
      more: 1,
    });
    expect(response.status).toBe(422);
    const { errors } = (await response.json()) as { errors: { pointer: string }[] };
    expect(errors.map(({ pointer }) => pointer).toSorted()).toEqual([
      '/body/inputs/0/hue',
      '/body/more',
    ]);
    expect(ml.requests).toEqual([]);
  });

  test('by the ML service is refused with the same faults', async ({ ml, service }) => {
    const errors = [{ pointer: '/body/inputs/0/hue', detail: 'is no wine' }];
    ml.answer = reply(422, { title: 'Unprocessable Content', errors });
    for (let count = 0; count < 6; count += 1) {
      const response = await predict(service);
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ status: 422, errors });
    }
    expect(ml.requests).toHaveLength(6);
  });
});

describe('without the ML service', () => {
  test('there is an answer that says so, and everything else works', async ({ ml, service }) => {
    await ml.down();
    const response = await predict(service, { 'X-Request-Id': 'abc' });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual(DEGRADED);
    expect((await service.request('/readyz')).status).toBe(200);
    expect((await service.send('POST', '/api/notes', { title: 'Milk' })).status).toBe(201);
    expect(service.logged).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        request_id: 'abc',
        msg: 'answering without predictions',
        err: expect.objectContaining({ message: 'The ML service cannot be reached.' }),
      }),
    );
  });

  test('a connection that breaks is tried again', async ({ ml, service }) => {
    ml.answer = (_response, request) => {
      ml.answer = reply(200, PREDICTED);
      request.socket.destroy();
    };
    expect(await answerOf(service)).toMatchObject({ degraded: false });
    expect(ml.requests).toHaveLength(2);
  });

  test('three attempts are enough', async ({ ml, service }) => {
    ml.answer = reply(502, 'Bad Gateway');
    expect(await answerOf(service)).toEqual(DEGRADED);
    expect(ml.requests).toHaveLength(3);
  });

  test.for([
    ['no JSON', reply(200, '<html>')],
    ['another form', reply(200, { model: 'wine', predictions: [] })],
    ['a fault of its own', reply(500, { status: 500 })],
    ['a refusal without faults', reply(422, {})],
  ] as const)(
    'an answer that is %s is none, and not asked for again',
    async ([, answer], { ml, service }) => {
      ml.answer = answer;
      expect(await answerOf(service)).toEqual(DEGRADED);
      expect(ml.requests).toHaveLength(1);
    },
  );
});

describe('a slow ML service', () => {
  test.for([{ ML_TIMEOUT_MS: '50' }, { REQUEST_TIMEOUT_MS: '400' }])(
    'is given up in time with %j',
    async (variables, { ml, start }) => {
      const service = await start({ ML_URL: ml.url, ...variables });
      const left = Promise.withResolvers<void>();
      ml.answer = (response) => {
        response.once('close', left.resolve);
      };
      expect(await answerOf(service)).toEqual(DEGRADED);
      await left.promise;
      expect(ml.requests).toHaveLength(1);
    },
  );
});

describe('Retry-After', () => {
  test('is waited for', async ({ ml, service }) => {
    let first = 0;
    ml.answer = (response, request) => {
      first = performance.now();
      ml.answer = reply(200, PREDICTED);
      reply(503, {}, { 'Retry-After': '1' })(response, request);
    };
    expect(await answerOf(service)).toMatchObject({ degraded: false });
    expect(performance.now() - first).toBeGreaterThan(990);
  });

  test.for(['60', 'Fri, 01 Jan 2100 00:00:00 GMT'])(
    'of %j is too long to wait for',
    async (later, { ml, service }) => {
      ml.answer = reply(503, {}, { 'Retry-After': later });
      expect(await answerOf(service)).toEqual(DEGRADED);
      expect(ml.requests).toHaveLength(1);
    },
  );
});

describe('the circuit', () => {
  test('opens, lets one call try, and closes', async ({ ml, service }) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    try {
      ml.answer = reply(500, {});
      for (let count = 0; count < 7; count += 1) {
        expect(await answerOf(service)).toEqual(DEGRADED);
      }
      expect(ml.requests).toHaveLength(5);

      vi.setSystemTime(Date.now() + 5000);
      await Promise.all([answerOf(service), answerOf(service)]);
      expect(ml.requests).toHaveLength(6);

      ml.answer = reply(200, PREDICTED);
      expect(await answerOf(service)).toEqual(DEGRADED);
      vi.setSystemTime(Date.now() + 5000);
      expect(await answerOf(service)).toMatchObject({ degraded: false });
      expect(await answerOf(service)).toMatchObject({ degraded: false });
      expect(ml.requests).toHaveLength(8);
    } finally {
      vi.useRealTimers();
    }
    const said = service.logged.map(({ msg }) => msg);
    expect(said).toContain('the circuit to the ML service is open');
    expect(said).toContain('the circuit to the ML service is closed');
  });

  test('ends the call that opens it, with what the ML service said last', async ({
    ml,
    service,
  }) => {
    ml.answer = reply(502, 'Bad Gateway');
    await answerOf(service);
    await answerOf(service);
    expect(ml.requests).toHaveLength(5);
    const warnings = service.logged.filter(({ msg }) => msg === 'answering without predictions');
    expect(warnings.map(({ err }) => err)).toEqual([
      expect.objectContaining({ message: 'The ML service answers 502.' }),
      expect.objectContaining({ message: 'The ML service answers 502.' }),
    ]);
  });

  test('notices when the service is back', async ({ ml, service }) => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });
    try {
      expect(await answerOf(service)).toMatchObject({ degraded: false });
      await ml.down();
      expect(await answerOf(service)).toEqual(DEGRADED);
      expect(await answerOf(service)).toEqual(DEGRADED);
      await ml.up();
      vi.setSystemTime(Date.now() + 5000);
      expect(await answerOf(service)).toMatchObject({ degraded: false });
    } finally {
      vi.useRealTimers();
    }
  });
});

test('retries are a small part of all calls', async ({ ml, service }) => {
  // Every other call fails: the circuit never opens, and each failure could be retried.
  ml.answer = (response, request) =>
    ml.requests.length % 2 === 1
      ? reply(503, {})(response, request)
      : reply(200, PREDICTED)(response, request);
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  try {
    const CALLS = 50;
    for (let count = 0; count < CALLS; count += 1) {
      await predict(service);
    }
    const retries = ml.requests.length - CALLS;
    expect(retries).toBeGreaterThanOrEqual(10);
    expect(retries).toBeLessThanOrEqual(10 + CALLS / 10);
  } finally {
    random.mockRestore();
  }
});

test.for(['ml:8000', 'ftp://ml', 'not a url'])('ML_URL=%j is refused at start', (ML_URL) => {
  const environment = { DATABASE_URL: 'postgresql://app:secret@db:5432/app', ML_URL };
  expect(() => loadConfig(settings, environment)).toThrow('ML_URL must look like http://host:port');
});
