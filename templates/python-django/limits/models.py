"""What was asked for of late."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

MAIL_PERIOD = timedelta(hours=1)
MAILS_TO_AN_ADDRESS = 3
MAILS_FOR_A_CLIENT = 10


class ResetMailQuerySet(models.QuerySet["ResetMail"]):
    """Mails that were asked for of late."""

    def ask(self, address: str, client: str | None) -> bool:
        """Count one, and say whether it may be sent."""
        self.filter(asked_at__lt=timezone.now() - MAIL_PERIOD).delete()
        address = address.lower()
        allowed = (
            self.filter(address=address).count() < MAILS_TO_AN_ADDRESS
            and self.filter(client=client).count() < MAILS_FOR_A_CLIENT
        )
        if allowed:
            self.create(address=address, client=client)
        return allowed


class ResetMail(models.Model):
    """A mail to reset a password was asked for, whether there is such an account or not."""

    address = models.CharField(max_length=254)
    client = models.GenericIPAddressField(null=True)
    asked_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = ResetMailQuerySet.as_manager()

    def __str__(self) -> str:
        """The address."""
        return self.address
