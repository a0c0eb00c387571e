import { Router } from 'express';
import { Problem } from '../errors.ts';
import { jsonBody } from '../http/json-body.ts';
import { onlyAllows } from '../http/not-allowed.ts';
import { validate } from '../http/validate.ts';
import { listQuery, newNote, noteChange, noteId } from './schema.ts';
import type { NotesService } from './service.ts';

/** `/api/notes`: HTTP in, HTTP out; the service does the work. */
export function notesRoutes(notes: NotesService, bodyLimit: number): Router {
  const router = Router();
  const readBody = jsonBody(bodyLimit);

  router
    .route('/')
    .get(async (request, response) => {
      response.json(await notes.list(validate(listQuery, 'query', request.query)));
    })
    .post(readBody, async (request, response) => {
      const note = await notes.create(validate(newNote, 'body', request.body));
      response.status(201).location(`/api/notes/${note.id}`).json(note);
    })
    .all(onlyAllows('GET', 'HEAD', 'POST'));

  // An id that is no UUID names nothing.
  router.param('id', (_request, _response, next, id: string) => {
    found(noteId.safeParse(id).data);
    next();
  });

  router
    .route('/:id')
    .get(async (request, response) => {
      response.json(found(await notes.find(request.params.id)));
    })
    .patch(readBody, async (request, response) => {
      const change = validate(noteChange, 'body', request.body);
      response.json(found(await notes.change(request.params.id, change)));
    })
    .delete(async (request, response) => {
      found(await notes.remove(request.params.id));
      response.status(204).end();
    })
    .all(onlyAllows('GET', 'HEAD', 'PATCH', 'DELETE'));

  return router;
}

function found<T>(result: T | undefined): T {
  if (result === undefined) {
    throw new Problem(404, 'There is no such note.');
  }
  return result;
}
