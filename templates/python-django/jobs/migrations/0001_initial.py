import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [
        migrations.CreateModel(
            name="Failure",
            fields=[
                (
                    "job",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        serialize=False,
                        to="procrastinate.procrastinatejob",
                    ),
                ),
                ("error", models.TextField()),
                ("at", models.DateTimeField()),
            ],
        ),
        # Procrastinate removes jobs by plain SQL, so it is for the database to follow.
        migrations.RunSQL(
            "ALTER TABLE jobs_failure ADD FOREIGN KEY (job_id) "
            "REFERENCES procrastinate_jobs ON DELETE CASCADE",
            migrations.RunSQL.noop,
        ),
        migrations.CreateModel(
            name="FailedJob",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("procrastinate.procrastinatejob",),
        ),
    ]
