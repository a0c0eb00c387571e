import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Patch,
  Post,
  Query,
  Res,
} from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Answers, Fails } from '../openapi.ts';
import { NotesService } from './notes.service.ts';
import {
  type ListQuery,
  listQuery,
  type NewNote,
  type Note,
  type NoteChange,
  type NotePage,
  newNote,
  note,
  noteChange,
  noteId,
  notePage,
} from './schema.ts';

const LOCATION = {
  Location: { description: 'The path of the note.', schema: { type: 'string' } },
} as const;

/** HTTP in, HTTP out; the service does the work. */
@Controller('api/notes')
@ApiTags('notes')
export class NotesController {
  constructor(private readonly notes: NotesService) {}

  @Get()
  @ApiOperation({ operationId: 'listNotes', summary: 'The notes, newest first' })
  @Answers(200, 'A page of notes.', notePage)
  @Fails(422)
  list(@Query({ schema: listQuery }) query: ListQuery): Promise<NotePage> {
    return this.notes.list(query);
  }

  @Post()
  @ApiOperation({ operationId: 'createNote', summary: 'Write a note' })
  @Answers(201, 'The new note.', note, LOCATION)
  @Fails(400, 413, 415, 422)
  async create(
    @Body({ schema: newNote }) input: NewNote,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Note> {
    const created = await this.notes.create(input);
    response.location(`/api/notes/${created.id}`);
    return created;
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getNote', summary: 'One note' })
  @Answers(200, 'The note.', note)
  @Fails(404)
  async find(@Param('id', { schema: noteId }) id: string): Promise<Note> {
    return found(await this.notes.find(id));
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'changeNote', summary: 'Change a note' })
  @Answers(200, 'The changed note.', note)
  @Fails(400, 404, 413, 415, 422)
  async change(
    @Param('id', { schema: noteId }) id: string,
    @Body({ schema: noteChange }) change: NoteChange,
  ): Promise<Note> {
    return found(await this.notes.change(id, change));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteNote', summary: 'Delete a note' })
  @Answers(204, 'Deleted.')
  @Fails(404)
  async remove(@Param('id', { schema: noteId }) id: string): Promise<void> {
    found(await this.notes.remove(id));
  }
}

function found<T>(result: T | undefined): T {
  if (result === undefined) {
    throw new NotFoundException('There is no such note.');
  }
  return result;
}
