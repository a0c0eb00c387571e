"""Notes as pages."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.views import generic
from django.views.generic.detail import SingleObjectMixin

from notes.forms import NoteForm
from notes.models import LONGEST_SEARCH, Note, NoteQuerySet


class NoteList(generic.ListView[Note]):
    """All notes, or those that were searched for."""

    queryset = Note.objects.select_related("author")
    paginate_by = 10

    def get_queryset(self) -> NoteQuerySet:
        """Those with the words of `q`."""
        # PostgreSQL cannot look for U+0000.
        self.words = self.request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH].strip()
        notes: NoteQuerySet = super().get_queryset()  # type: ignore[assignment]
        return notes.matching(self.words)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell the words, and a short way from page to page."""
        context = super().get_context_data(**kwargs)
        pages = context["paginator"].get_elided_page_range(context["page_obj"].number, on_ends=1)
        return context | {"words": self.words, "longest": LONGEST_SEARCH, "pages": pages}


class NoteDetail(generic.DetailView[Note]):
    """One note."""

    queryset = Note.objects.select_related("author")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell what the reader may do."""
        may = {
            f"may_{action}": self.object.may(self.request.user, action)
            for action in ("change", "delete")
        }
        return super().get_context_data(**kwargs) | may


class NoteCreate(
    LoginRequiredMixin, SuccessMessageMixin[NoteForm], generic.CreateView[Note, NoteForm]
):
    """Write a note."""

    model = Note
    form_class = NoteForm
    success_message = "“%(title)s” was written."

    def form_valid(self, form: NoteForm) -> HttpResponse:
        """Keep who wrote it."""
        form.instance.author = self.request.user  # type: ignore[assignment]
        return super().form_valid(form)


class MayMixin(LoginRequiredMixin, SingleObjectMixin[Note]):
    """Asks for a log-in, and then whether this user may do this to this note."""

    action: str
    request: HttpRequest

    def get_queryset(self) -> NoteQuerySet:
        """All; held until the commit, when one is to be changed."""
        notes = Note.objects.all()
        return notes.select_for_update() if self.request.method == "POST" else notes

    def get_object(self, queryset: QuerySet[Note] | None = None) -> Note:
        """Get the note, and ask it."""
        note = super().get_object(queryset)
        if not note.may(self.request.user, self.action):
            raise PermissionDenied
        return note


@method_decorator(transaction.atomic, name="post")
class NoteUpdate(MayMixin, SuccessMessageMixin[NoteForm], generic.UpdateView[Note, NoteForm]):
    """Change a note."""

    model = Note
    form_class = NoteForm
    action = "change"
    success_message = "“%(title)s” was changed."


@method_decorator(transaction.atomic, name="post")
class NoteDelete(MayMixin, SuccessMessageMixin[Any], generic.DeleteView[Note, Any]):
    """Delete a note, once asked again."""

    model = Note
    action = "delete"
    success_url = reverse_lazy("notes:list")

    def get_success_message(self, cleaned_data: dict[str, Any]) -> str:  # noqa: ARG002
        """Name it."""
        return f"“{self.object}” was deleted."
