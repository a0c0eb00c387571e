from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    operations = [
        migrations.CreateModel(
            name="ResetMail",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=254)),
                ("client", models.GenericIPAddressField(null=True)),
                ("asked_at", models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
        ),
    ]
