import type { OpenAPIRegistry } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import { answer, problems } from '../openapi.ts';
import { listQuery, newNote, note, noteChange, notePage } from './schema.ts';

const path = '/api/notes/{id}';
const params = z.object({ id: z.uuid() });
const tags = ['notes'];

/** What `routes.ts` serves. */
export function describeNotes(registry: OpenAPIRegistry): void {
  registry.registerPath({
    method: 'get',
    path: '/api/notes',
    operationId: 'listNotes',
    summary: 'The notes, newest first',
    tags,
    request: { query: listQuery },
    responses: { 200: answer('A page of notes.', notePage), ...problems(422, 500, 503) },
  });
  registry.registerPath({
    method: 'post',
    path: '/api/notes',
    operationId: 'createNote',
    summary: 'Write a note',
    tags,
    request: { body: { required: true, content: { 'application/json': { schema: newNote } } } },
    responses: {
      201: answer('The new note.', note, {
        Location: { description: 'The path of the note.', schema: { type: 'string' } },
      }),
      ...problems(400, 413, 415, 422, 500, 503),
    },
  });
  registry.registerPath({
    method: 'get',
    path,
    operationId: 'getNote',
    summary: 'One note',
    tags,
    request: { params },
    responses: { 200: answer('The note.', note), ...problems(404, 500, 503) },
  });
  registry.registerPath({
    method: 'patch',
    path,
    operationId: 'changeNote',
    summary: 'Change a note',
    tags,
    request: {
      params,
      body: { required: true, content: { 'application/json': { schema: noteChange } } },
    },
    responses: {
      200: answer('The changed note.', note),
      ...problems(400, 404, 413, 415, 422, 500, 503),
    },
  });
  registry.registerPath({
    method: 'delete',
    path,
    operationId: 'deleteNote',
    summary: 'Delete a note',
    tags,
    request: { params },
    responses: {
      204: answer('Deleted.'),
      ...problems(404, 500, 503),
    },
  });
}
