"""What people may say of a note."""

from django import forms

from notes.models import Note


class NoteForm(forms.ModelForm[Note]):
    """A note's title and body."""

    class Meta:
        """Two fields of the model."""

        model = Note
        fields = ("title", "body")
        help_texts = {"title": "200 characters at most."}  # noqa: RUF012
        widgets = {  # noqa: RUF012
            "title": forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
            "body": forms.Textarea(attrs={"rows": 12}),
        }
