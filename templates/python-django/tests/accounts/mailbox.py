"""What was mailed."""

import time

from django.core import mail
from django.core.mail import EmailMessage


def mails(count: int) -> list[EmailMessage]:
    """Wait for what is sent beside the request."""
    for _ in range(100):
        if len(mail.outbox) >= count:
            break
        time.sleep(0.02)
    return mail.outbox
