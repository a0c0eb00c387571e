from itertools import count

from scaffold.dotenv import completed, fill_secrets, names


def test_every_placeholder_gets_a_secret_of_its_own() -> None:
    numbers = count(1)
    text = "A=change-me\n# A comment\nB=3000\nC_2=change-me\n"
    assert fill_secrets(text, lambda: f"s{next(numbers)}") == "A=s1\n# A comment\nB=3000\nC_2=s2\n"


def test_a_comment_and_a_longer_value_stay_as_they_are() -> None:
    text = "# A=change-me\nB=change-me-not\nC=\n"
    assert fill_secrets(text, lambda: "secret") == text


def test_what_is_left_empty_is_a_secret_where_the_comment_says_how_to_make_one() -> None:
    text = "# Sign: openssl rand -hex 24\nA=\n\n# Optional.\nB=\n# openssl rand\nC=\nD=\n"
    filled = "# Sign: openssl rand -hex 24\nA=s\n\n# Optional.\nB=\n# openssl rand\nC=s\nD=\n"
    assert fill_secrets(text, lambda: "s") == filled


def test_a_file_that_is_there_gets_the_secrets_that_it_lacks() -> None:
    example = "# openssl rand\nA=\nB=change-me\n# openssl rand\nC=\nD=\n"
    assert completed("C=mine", example, lambda: "s") == "C=mine\nA=s\nB=s\n"
    assert completed("A=\nB=1\nC=2", example, lambda: "s") == "A=\nB=1\nC=2"


def test_the_names_are_those_that_are_set() -> None:
    text = "A=1\n# B=2\n  C=3\nexport D=4\nE_2=\nlower=5\nF = 6\nA=7\n"
    assert names(text) == {"A", "E_2"}
