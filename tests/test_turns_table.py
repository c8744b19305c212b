"""The transition table is total, names only actions that exist, and every action is used."""

from profai_cli.events import EVENTS
from profai_cli.turns.machine import Machine
from profai_cli.turns.states import State
from profai_cli.turns.table import INPUTS, TABLE


def test_every_state_has_a_cell_for_every_input() -> None:
    assert set(TABLE) == set(State)
    assert all(set(row) == set(INPUTS) for row in TABLE.values())


def test_every_cell_names_an_action_of_the_machine() -> None:
    actions = {cell.action for row in TABLE.values() for cell in row.values()}
    assert all(callable(getattr(Machine, f"_{action}", None)) for action in actions)


def test_every_input_is_an_event_of_the_vocabulary() -> None:
    assert set(INPUTS) <= set(EVENTS.values())


def test_done_is_final_and_every_state_can_be_reached() -> None:
    assert all(cell.action == "ignore" for cell in TABLE[State.DONE].values())
    reached = {State.STARTING} | {to for row in TABLE.values() for cell in row.values() for to in cell.leads_to}
    assert reached == set(State)
