"""Whose query runs next."""

from concurrent.futures import Future

import pytest

from s4s_graph.turns import LIGHT_SECONDS, LIGHT_TURNS, SHORT_SECONDS, FullError, Turn, Turns

Asked = Future[Turn[str]]


def turns_of(workers: int, queue: int = 10) -> Turns[str]:
    turns: Turns[str] = Turns(workers, queue)
    for number in range(workers):
        turns.add(f"worker {number}")
    return turns


def end(turns: Turns[str], asked: Asked) -> None:
    turn = asked.result()
    turns.give_back(turn, turn.worker)


def waiting(*asked: Asked) -> list[bool]:
    return [not one.done() for one in asked]


def test_a_client_never_holds_all_workers() -> None:
    turns = turns_of(3)
    mine = [turns.ask("a") for _ in range(4)]
    assert waiting(*mine) == [False, False, True, True]
    assert not waiting(turns.ask("b"))[0]
    end(turns, mine[0])
    assert waiting(*mine) == [False, False, False, True]


def test_the_only_worker_is_for_everyone() -> None:
    turns = turns_of(1)
    assert not waiting(turns.ask("a"))[0]


def test_who_used_the_least_goes_first() -> None:
    turns = turns_of(1)
    first = turns.ask("heavy")
    again, light = turns.ask("heavy"), turns.ask("light")
    assert waiting(again, light) == [True, True]
    end(turns, first)
    assert waiting(again, light) == [True, False]
    end(turns, light)
    assert waiting(again) == [False]


def test_one_worker_is_kept_for_short_queries() -> None:
    turns = turns_of(2)
    long, short = turns.ask("a").result(), turns.ask("b").result()
    assert turns.lengthen(long)
    assert turns.lengthen(long)
    assert not turns.lengthen(short)
    again = turns.ask("b", long=True)
    turns.give_back(short, short.worker)
    assert waiting(again) == [True]
    assert not waiting(turns.ask("c"))[0]
    turns.give_back(long, long.worker)
    assert again.result().long


def test_a_full_queue_refuses_at_once() -> None:
    turns = turns_of(1, queue=1)
    turns.ask("a")
    turns.ask("b")
    with pytest.raises(FullError):
        turns.ask("c")


def test_who_fills_the_queue_gives_way_to_others() -> None:
    turns = turns_of(1, queue=3)
    running, *many = [turns.ask("a") for _ in range(4)]
    one = turns.ask("b")
    assert waiting(*many, one) == [True, True, False, True]
    with pytest.raises(FullError):
        many[2].result()
    with pytest.raises(FullError):
        turns.ask("a")
    end(turns, running)
    assert waiting(one) == [False]


def test_who_leaves_the_queue_is_passed_over() -> None:
    turns = turns_of(1, queue=1)
    running, left = turns.ask("a"), turns.ask("b")
    assert left.cancel()
    other = turns.ask("c")
    end(turns, running)
    assert not waiting(other)[0]


def test_a_worker_that_ended_is_not_lent_again() -> None:
    turns = turns_of(1)
    turns.give_back(turns.ask("a").result(), None)
    asked = turns.ask("b")
    assert waiting(asked) == [True]
    turns.add("another")
    assert asked.result().worker == "another"


def test_all_who_wait_are_turned_away_at_the_end() -> None:
    turns = turns_of(1)
    turns.ask("a")
    asked = turns.ask("b")
    assert turns.clear() == []
    with pytest.raises(FullError):
        asked.result()


def light_client(turns: Turns[str]) -> None:
    """Let client a send as many light queries as it takes to be known for them."""
    for _ in range(LIGHT_TURNS):
        end(turns, turns.ask("a"))


def test_who_sends_light_queries_may_borrow_the_last_worker() -> None:
    turns = turns_of(2)
    light_client(turns)
    first, second = turns.take("a"), turns.take("a")
    assert first
    assert second
    assert [first.seconds, second.seconds] == [SHORT_SECONDS, LIGHT_SECONDS]


def test_who_borrows_may_not_go_on_while_it_holds_all_workers() -> None:
    turns = turns_of(2)
    light_client(turns)
    own, borrowed = turns.ask("a").result(), turns.ask("a").result()
    assert not turns.lengthen(borrowed)
    turns.give_back(borrowed, borrowed.worker)
    assert turns.lengthen(own)


def test_who_borrows_comes_after_all_others() -> None:
    turns = turns_of(2)
    light_client(turns)
    own, borrowed = turns.ask("a"), turns.ask("a")
    again, other = turns.ask("a"), turns.ask("b")
    end(turns, borrowed)
    assert waiting(again, other) == [True, False]
    assert turns.take("a") is None
    end(turns, own)
    assert not waiting(again)[0]


def test_one_query_that_is_not_light_ends_the_borrowing() -> None:
    turns = turns_of(2)
    light_client(turns)
    turn = turns.ask("a").result()
    turn.since -= LIGHT_SECONDS
    turns.give_back(turn, turn.worker)
    assert waiting(turns.ask("a"), turns.ask("a")) == [False, True]
