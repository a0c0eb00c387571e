"""Addresses of the account pages."""

from django.conf import settings
from django.contrib.auth import views as auth
from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", auth.LoginView.as_view(template_name="accounts/login.html"), name="login"),
    path("logout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", views.PasswordChange.as_view(), name="password_change"),
]

if settings.OFFER_PASSWORD_RESET:
    urlpatterns += [
        path("reset/", views.PasswordReset.as_view(), name="password_reset"),
        path(
            "reset/<uidb64>/<token>/",
            views.PasswordResetConfirm.as_view(),
            name="password_reset_confirm",
        ),
    ]
