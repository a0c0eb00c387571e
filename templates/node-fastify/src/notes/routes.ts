import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { Problem } from '../errors.ts';
import { answer, problems } from '../openapi.ts';
import { listQuery, newNote, note, noteChange, noteId, notePage } from './schema.ts';
import { createNotesService } from './service.ts';

const tags = ['notes'];
const params = z.object({ id: noteId });

/** `/api/notes`: HTTP in, HTTP out; the service does the work. */
export const notesRoutes: FastifyPluginAsyncZod = async (app) => {
  const notes = createNotesService(app.database);

  app.get(
    '',
    {
      schema: {
        operationId: 'listNotes',
        summary: 'The notes, newest first',
        tags,
        querystring: listQuery,
        response: { 200: answer('A page of notes.', notePage), ...problems(422, 500, 503) },
      },
    },
    async (request) => notes.list(request.query),
  );

  app.post(
    '',
    {
      schema: {
        operationId: 'createNote',
        summary: 'Write a note',
        tags,
        body: newNote,
        response: {
          201: answer('The new note.', note),
          ...problems(400, 413, 415, 422, 500, 503),
        },
      },
    },
    async (request, reply) => {
      const created = await notes.create(request.body);
      return reply.code(201).header('Location', `${app.prefix}/${created.id}`).send(created);
    },
  );

  app.get(
    '/:id',
    {
      schema: {
        operationId: 'getNote',
        summary: 'One note',
        tags,
        params,
        response: { 200: answer('The note.', note), ...problems(404, 500, 503) },
      },
    },
    async (request) => found(await notes.find(request.params.id)),
  );

  app.patch(
    '/:id',
    {
      schema: {
        operationId: 'changeNote',
        summary: 'Change a note',
        tags,
        params,
        body: noteChange,
        response: {
          200: answer('The changed note.', note),
          ...problems(400, 404, 413, 415, 422, 500, 503),
        },
      },
    },
    async (request) => found(await notes.change(request.params.id, request.body)),
  );

  app.delete(
    '/:id',
    {
      schema: {
        operationId: 'deleteNote',
        summary: 'Delete a note',
        tags,
        params,
        response: {
          204: z.undefined().describe('Deleted.'),
          ...problems(404, 500, 503),
        },
      },
    },
    async (request, reply) => {
      found(await notes.remove(request.params.id));
      return reply.code(204).send();
    },
  );
};

function found<T>(result: T | undefined): T {
  if (result === undefined) {
    throw new Problem(404, 'There is no such note.');
  }
  return result;
}
