import pytest
from django.test import Client

from accounts.models import User
from ml.store import Store
from tests.ml.fixtures import Serve
from tests.ml.support import damaged, publish

pytestmark = pytest.mark.django_db

LIST = "/admin/ml/modelversion/"


def test_it_shows_every_version_with_its_metrics_and_which_is_served(
    admin_client: Client, serve: Serve, store: Store
) -> None:
    old = store.current()
    assert old
    new = publish(store)
    serve(ml_model_dir=store.directory)

    page = admin_client.get(LIST).content.decode()

    assert "<title>Model versions | Administration</title>" in page
    assert page.index(new) < page.index(old)
    assert page.count("<td>here</td>") == 1
    assert page.index(new) < page.index("<td>here</td>") < page.index(old)
    assert f"<code>{store.read(old).metadata.sha256}</code>" in page
    for name in ("accuracy", "f1_macro", "log_loss"):
        assert f'<th scope="col">{name}</th>' in page
    assert "scikit-learn 1." in page


def test_it_says_why_none_is_served(admin_client: Client, serve: Serve, store: Store) -> None:
    store.point_to(damaged(store))
    serve(ml_model_dir=store.directory)

    page = admin_client.get(LIST).content.decode()

    assert "The published model cannot be served." in page
    assert "<td>soon</td>" in page


def test_an_empty_store_is_no_fault(admin_client: Client, serve: Serve, store: Store) -> None:
    serve(ml_model_dir=store.directory / "nothing")

    assert "No model has been published yet." in admin_client.get(LIST).content.decode()


def test_who_may_not_look_does_not(client: Client) -> None:
    client.force_login(User.objects.create_user("grace", is_staff=True))

    assert client.get(LIST).status_code == 403
    assert "modelversion" not in client.get("/admin/").content.decode()


def test_the_first_page_leads_there(admin_client: Client) -> None:
    assert LIST in admin_client.get("/admin/").content.decode()
