"""Pages for one's own account: Django's, with a message and a way back."""

from typing import TYPE_CHECKING, Any

from axes.utils import reset
from django.contrib.auth import views
from django.contrib.messages.views import SuccessMessageMixin
from django.http import HttpResponse
from django.urls import reverse_lazy

from accounts.forms import PasswordResetForm
from accounts.limits import client_address, too_often
from limits.models import MAIL_PERIOD, ResetMail

if TYPE_CHECKING:
    from django.contrib.auth.forms import SetPasswordForm

NOTES = reverse_lazy("notes:list")
LOGIN = reverse_lazy("accounts:login")


class PasswordChange(SuccessMessageMixin[Any], views.PasswordChangeView):
    """Change one's password."""

    template_name = "accounts/password_change.html"
    success_url = NOTES
    success_message = "Your password was changed."


class PasswordReset(SuccessMessageMixin[Any], views.PasswordResetView):
    """Have a link mailed; whether there is such an account is not told."""

    form_class = PasswordResetForm
    template_name = "accounts/password_reset.html"
    email_template_name = "accounts/password_reset_email.txt"
    subject_template_name = "accounts/password_reset_subject.txt"
    success_url = LOGIN
    success_message = "If there is an account with that address, a mail is on its way."

    def form_valid(self, form: PasswordResetForm) -> HttpResponse:  # type: ignore[override]
        """Send no more than so many."""
        if not ResetMail.objects.ask(form.cleaned_data["email"], client_address(self.request)):
            return too_often(
                self.request, "Too many mails were asked for; try again in an hour.", MAIL_PERIOD
            )
        return super().form_valid(form)


class PasswordResetConfirm(SuccessMessageMixin[Any], views.PasswordResetConfirmView):
    """Choose a new password, by the link in the mail."""

    template_name = "accounts/password_reset_confirm.html"
    success_url = LOGIN
    success_message = "Your password was changed; log in with the new one."

    def form_valid(self, form: "SetPasswordForm[Any]") -> HttpResponse:
        """Let in again who was locked out for not knowing the old one."""
        reset(username=form.user.get_username())
        return super().form_valid(form)
