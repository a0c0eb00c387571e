"""Runs, what they refused, and the table of the sample."""

from alembic import op

revision = "pipelines_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.execute("""
        CREATE TABLE pipelines.runs (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            pipeline text NOT NULL,
            source text NOT NULL,
            -- Changes with the content of the source, where that can be told.
            source_version text,
            state text NOT NULL DEFAULT 'running'
                CHECK (state IN ('running', 'done', 'stopped', 'failed', 'abandoned')),
            started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
            ended_at timestamptz,
            resumed integer NOT NULL DEFAULT 0,
            rows_read bigint NOT NULL DEFAULT 0,
            rows_loaded bigint NOT NULL DEFAULT 0,
            -- Of those loaded, the ones that were new or other than before.
            rows_changed bigint NOT NULL DEFAULT 0,
            rows_quarantined bigint NOT NULL DEFAULT 0,
            checkpoint jsonb,
            error text
        )
    """)
    op.execute("CREATE INDEX ix_runs_latest ON pipelines.runs (pipeline, source, id)")
    op.execute("""
        CREATE TABLE pipelines.quarantine (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            pipeline text NOT NULL,
            source text NOT NULL,
            position text NOT NULL,
            raw jsonb NOT NULL,
            reasons text[] NOT NULL,
            -- The runs that met it first and last.
            first_run bigint NOT NULL REFERENCES pipelines.runs,
            last_run bigint NOT NULL REFERENCES pipelines.runs,
            -- When a whole run did not meet it again: it was corrected where it came from.
            resolved_at timestamptz,
            UNIQUE (pipeline, source, position)
        )
    """)
    op.execute("""
        CREATE TABLE pipelines.measurements (
            station text NOT NULL,
            measured_at timestamptz NOT NULL,
            temperature_c double precision NOT NULL,
            humidity_pct double precision NOT NULL,
            dew_point_c double precision NOT NULL,
            PRIMARY KEY (station, measured_at)
        )
    """)


def downgrade() -> None:
    """Drop the tables, and all that is in them."""
    op.execute("DROP TABLE pipelines.measurements, pipelines.quarantine, pipelines.runs")
