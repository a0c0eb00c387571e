"""Addresses of the note pages."""

from django.urls import path

from notes import views

app_name = "notes"
urlpatterns = [
    path("", views.NoteList.as_view(), name="list"),
    path("new/", views.NoteCreate.as_view(), name="create"),
    path("<uuid:pk>/", views.NoteDetail.as_view(), name="detail"),
    path("<uuid:pk>/change/", views.NoteUpdate.as_view(), name="change"),
    path("<uuid:pk>/delete/", views.NoteDelete.as_view(), name="delete"),
]
