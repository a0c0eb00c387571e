"""Notes in the admin."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest

from notes.models import Note, NoteQuerySet

if TYPE_CHECKING:
    from accounts.models import User


@admin.register(Note)
class NoteAdmin(admin.ModelAdmin[Note]):
    """Find, filter, change and take over notes."""

    list_display = ("title", "author", "created_at", "updated_at")
    list_filter = ("created_at", ("author", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("author",)
    list_per_page = 50
    search_fields = ("title", "body", "author__username")
    search_help_text = "Words in the title, in the body, or the author's name"
    date_hierarchy = "created_at"
    # Counting all rows for each search is dear.
    show_full_result_count = False
    autocomplete_fields = ("author",)
    readonly_fields = ("id", "created_at", "updated_at")
    fieldsets = (
        (None, {"fields": ("title", "body", "author")}),
        ("Record", {"fields": readonly_fields, "classes": ("collapse",)}),
    )
    actions = ("take_over",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Suggest oneself as the author."""
        return {"author": request.user.pk} | super().get_changeform_initial_data(request)

    @admin.action(description="Become the author of the selected notes", permissions=["change"])
    @transaction.atomic
    def take_over(self, request: HttpRequest, notes: NoteQuerySet) -> None:
        """Make the user the author of many notes at once, and keep that in their history."""
        user = cast("User", request.user)
        taken = list(notes.exclude(author=user).select_for_update(of=("self",)))
        LogEntry.objects.log_actions(
            user.pk,
            taken,
            CHANGE,
            [{"changed": {"fields": ["Author"]}}],
        )
        ids = [note.pk for note in taken]
        Note.objects.filter(pk__in=ids).update(author=user, updated_at=Now())
        self.message_user(request, f"You are the author of {len(ids)} more.", messages.SUCCESS)
