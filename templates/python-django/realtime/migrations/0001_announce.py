"""Every change to a note is announced, in the transaction that makes it."""

from django.db import migrations

# PostgreSQL takes less than 8000 bytes at a time, and a note may have more: 1900 characters are at
# most 7600. The number of the message keeps its pieces apart from the same ones of another, since
# what is announced twice in a transaction is heard once.
ANNOUNCE = """
CREATE FUNCTION announce_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    instant CONSTANT text := 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';
    note json;
    message text;
    number text := gen_random_uuid();
    last integer;
BEGIN
    IF TG_OP = 'DELETE' THEN
        note := json_build_object('id', OLD.id);
    ELSE
        note := json_build_object(
            'id', NEW.id, 'title', NEW.title, 'body', NEW.body,
            'created_at', to_char(NEW.created_at AT TIME ZONE 'UTC', instant),
            'updated_at', to_char(NEW.updated_at AT TIME ZONE 'UTC', instant)
        );
    END IF;
    message := json_build_object('type', 'note.' || TG_ARGV[0], 'note', note);
    last := (length(message) - 1) / 1900;
    FOR piece IN 0..last LOOP
        PERFORM pg_notify(
            'notes',
            (last - piece) || ':' || number || ':' || substr(message, piece * 1900 + 1, 1900)
        );
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER announce_created AFTER INSERT ON notes_note
    FOR EACH ROW EXECUTE FUNCTION announce_note('created');
CREATE TRIGGER announce_updated AFTER UPDATE ON notes_note
    FOR EACH ROW EXECUTE FUNCTION announce_note('updated');
CREATE TRIGGER announce_deleted AFTER DELETE ON notes_note
    FOR EACH ROW EXECUTE FUNCTION announce_note('deleted');
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [("notes", "0001_initial")]
    operations = [
        migrations.RunSQL(ANNOUNCE, "DROP FUNCTION announce_note CASCADE"),
    ]
