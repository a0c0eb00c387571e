-- Every change to a note, by whatever program, is told to all who listen: what happened, to which note, and
-- what the note is now. A payload must stay below 8000 bytes, so that a large note goes without.
CREATE FUNCTION notes_changed() RETURNS trigger LANGUAGE plpgsql SET TimeZone = 'UTC' AS $$
DECLARE
  change jsonb := jsonb_build_object('op', TG_OP, 'id', CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END);
  whole text := (change || jsonb_build_object('row', to_jsonb(NEW)))::text;
BEGIN
  PERFORM pg_notify('notes_changed', CASE WHEN octet_length(whole) < 8000 THEN whole ELSE change::text END);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER notes_changed AFTER INSERT OR UPDATE OR DELETE ON notes
  FOR EACH ROW EXECUTE FUNCTION notes_changed();
