import pytest
from django.contrib.staticfiles import finders
from django.test import Client


@pytest.mark.django_db
def test_the_list_can_say_that_notes_have_changed(person: Client) -> None:
    page = person.get("/notes/", {"q": "milk"}).content.decode()

    assert '<div id="news" role="status"></div>' in page
    assert '<template id="news-text">' in page
    assert 'Notes have changed. <a href="/notes/?q=milk">' in page
    assert '<script src="/static/realtime/news.js" defer>' in page
    assert finders.find("realtime/news.js")
