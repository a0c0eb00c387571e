"""What people may ask of their account."""

from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from django.contrib.auth import forms

mails = ThreadPoolExecutor(2, "mail")


class PasswordResetForm(forms.PasswordResetForm):
    """Mails beside the request: how long that takes would tell whether there is an account."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """Have it mailed; what goes wrong is logged."""
        mails.submit(copy_context().run, super().send_mail, *args, **kwargs)
