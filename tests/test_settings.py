"""Values that several floors name."""

from profai_cli.settings import Key

SECRET = "sk-secret-0123456789"


def test_a_key_is_shown_to_nobody_but_who_asks_for_it() -> None:
    key = Key(SECRET)
    assert f"{key} {key!r}" == "[key] [key]"
    assert key.reveal() == SECRET


def test_a_key_hides_itself_and_its_parts_in_a_text() -> None:
    key = Key(SECRET)
    assert key.hide(f"no {SECRET}, {SECRET}!") == "no [key], [key]!"
    assert key.hide(f"no {SECRET[:12]}****{SECRET[-4:]}.") == f"no [key]****{SECRET[-4:]}."
    assert key.hide(SECRET[:7]) == SECRET[:7]
    assert Key("abc").hide("abc ab") == "[key] ab"
    assert Key("").hide("as it is") == "as it is"


def test_all_keys_of_the_process_are_hidden_in_a_text_of_any_origin() -> None:
    keys = [Key(SECRET), Key("gsk_another-9876543210")]
    told = Key.hide_all(f"{keys[0].reveal()} and {keys[1].reveal()}, and no more")
    assert told == "[key] and [key], and no more"
