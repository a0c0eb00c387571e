"""Pages for one's own account: Django's, with a message and a way back."""

from typing import Any

from django.contrib.auth import views
from django.contrib.messages.views import SuccessMessageMixin
from django.urls import reverse_lazy

NOTES = reverse_lazy("notes:list")
LOGIN = reverse_lazy("accounts:login")


class PasswordChange(SuccessMessageMixin[Any], views.PasswordChangeView):
    """Change one's password."""

    template_name = "accounts/password_change.html"
    success_url = NOTES
    success_message = "Your password was changed."


class PasswordReset(SuccessMessageMixin[Any], views.PasswordResetView):
    """Have a link mailed; whether there is such an account is not told."""

    template_name = "accounts/password_reset.html"
    email_template_name = "accounts/password_reset_email.txt"
    subject_template_name = "accounts/password_reset_subject.txt"
    success_url = LOGIN
    success_message = "If there is an account with that address, a mail is on its way."


class PasswordResetConfirm(SuccessMessageMixin[Any], views.PasswordResetConfirmView):
    """Choose a new password, by the link in the mail."""

    template_name = "accounts/password_reset_confirm.html"
    success_url = LOGIN
    success_message = "Your password was changed; log in with the new one."
