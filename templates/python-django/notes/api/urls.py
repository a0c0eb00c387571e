"""Addresses of the API for notes."""

from django.urls import path

from notes.api import views

urlpatterns = [
    path("notes", views.NoteList.as_view(), name="notes"),
    path("notes/<uuid:pk>", views.NoteDetail.as_view(), name="note"),
]
