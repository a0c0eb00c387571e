import { NotFoundException } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Response } from 'express';
import { expect, test, vi } from 'vitest';
import { NotesController } from '../../src/notes/notes.controller.ts';
import { NotesModule } from '../../src/notes/notes.module.ts';
import { NotesService } from '../../src/notes/notes.service.ts';
import type { Note } from '../../src/notes/schema.ts';

const ID = '00000000-0000-4000-8000-000000000000';
const NOTE: Note = { id: ID, title: 'Milk', body: '', created_at: '', updated_at: '' };

/** The controller as Nest makes it, on top of another service: no database, no HTTP. */
async function controllerOn(service: Partial<NotesService>): Promise<NotesController> {
  const module = await Test.createTestingModule({ imports: [NotesModule] })
    .overrideProvider(NotesService)
    .useValue(service)
    .compile();
  return module.get(NotesController);
}

test('the answer to a new note says where the note is', async () => {
  const controller = await controllerOn({ create: async (input) => ({ ...NOTE, ...input }) });
  const response = { location: vi.fn() };
  const created = await controller.create(
    { title: 'Bread', body: '' },
    response as unknown as Response,
  );
  expect(created).toEqual({ ...NOTE, title: 'Bread' });
  expect(response.location).toHaveBeenCalledExactlyOnceWith(`/api/notes/${ID}`);
});

test('what the service does not know is not found', async () => {
  const nothing = async () => undefined;
  const controller = await controllerOn({ find: nothing, change: nothing, remove: nothing });
  await expect(controller.find(ID)).rejects.toThrow(NotFoundException);
  await expect(controller.change(ID, { title: 'x' })).rejects.toThrow(NotFoundException);
  await expect(controller.remove(ID)).rejects.toThrow('There is no such note.');
});
