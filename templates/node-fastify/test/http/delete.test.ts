import { expect } from 'vitest';
import { test } from '../support/service.ts';

test.for(['application/json', 'text/plain'])(
  'a DELETE has no body, even if it names the type %s',
  async (type, { service }) => {
    const response = await service.app.inject({
      method: 'DELETE',
      url: '/api/notes/00000000-0000-4000-8000-000000000000',
      headers: { 'Content-Type': type },
    });
    expect(response.statusCode).toBe(404);
  },
);
