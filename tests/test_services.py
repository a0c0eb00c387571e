from scaffold.recommend import Service
from scaffold.services import as_service, as_word, entries, entry, listed

API = Service("api", "a-stack", "node", ("realtime",))
ML = Service("ml", "b-stack", "python", ("ml", "data"))


def test_the_word_for_a_service_names_its_stack_and_its_features() -> None:
    assert as_word(ML) == "ml=b-stack+ml+data"
    assert as_word(Service("mail", "a-stack", "node")) == "mail=a-stack"


def test_services_are_listed_with_a_folder_and_a_port_each() -> None:
    mail = Service("mail", "a-stack", "node")
    assert entries([API, ML, mail], {"ml": "onnx"}) == [
        {
            "name": "api",
            "stack": "a-stack",
            "folder": "api",
            "port": 3000,
            "features": ["realtime"],
        },
        {
            "name": "ml",
            "stack": "b-stack",
            "folder": "ml",
            "port": 8000,
            "features": ["ml", "data"],
            "ml_runtime": "onnx",
        },
        {"name": "mail", "stack": "a-stack", "folder": "mail", "port": 3001, "features": []},
    ]


def test_a_service_that_comes_later_takes_the_next_port_of_its_language() -> None:
    there = [
        {"name": "api", "port": 3007},
        {"name": "x", "port": 8000},
        {"name": "y", "port": 5432},
    ]
    assert entry(Service("mail", "a-stack", "node"), there, "mail")["port"] == 3008
    assert entry(Service("jobs", "b-stack", "python"), there, "jobs")["port"] == 8001


def test_the_service_that_was_there_first_may_lie_at_the_root() -> None:
    assert entry(API, [], ".")["folder"] == "."


def test_services_that_are_listed_can_be_read_back() -> None:
    there = listed({"services": entries([API, ML], {})})
    assert [as_service(it) for it in there] == [it._replace(language="") for it in (API, ML)]
    assert listed({"stack": "a-stack"}) == []
