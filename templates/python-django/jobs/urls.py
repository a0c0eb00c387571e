"""Addresses of the digests."""

from django.urls import path

from jobs.views import Digests

urlpatterns = [path("digests", Digests.as_view(), name="digests")]
