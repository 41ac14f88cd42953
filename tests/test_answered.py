"""Answers that wait for their readers: whole, in order, and in no more room than there is."""

import asyncio

import pytest

from s4s_graph.answered import MEMORY_BYTES, Answer, NoRoomError, Room

HEAD = {"media_type": "text/csv", "encoding": None, "truncated": False}
PIECES = [bytes([number]) * 150_000 for number in range(60)]  # nine times what is kept in memory


async def read(answer: Answer) -> bytes:
    return b"".join([piece async for piece in answer.pieces()])


def test_what_does_not_fit_in_memory_comes_back_in_order() -> None:
    answer = Answer(HEAD, Room(100_000_000))
    for piece in PIECES:
        answer.add(piece)
    answer.end()
    assert answer.length == len(b"".join(PIECES)) > MEMORY_BYTES
    assert asyncio.run(read(answer)) == b"".join(PIECES)
    answer.close()


def test_room_comes_back_when_an_answer_is_read_or_closed() -> None:
    room = Room(10 * MEMORY_BYTES)
    for _ in range(20):
        answer = Answer(HEAD, room)
        for piece in PIECES:
            answer.add(piece)
        answer.end()
        answer.close()
    room.take(10 * MEMORY_BYTES)


def test_slow_readers_get_no_more_room_than_there_is() -> None:
    room = Room(2 * MEMORY_BYTES)
    answer = Answer(HEAD, room)
    for piece in PIECES[:19]:  # what is kept in memory, and nearly all the room
        answer.add(piece)
    with pytest.raises(NoRoomError):
        answer.add(PIECES[19])
    answer.close()
    room.take(2 * MEMORY_BYTES)


def test_a_reader_that_keeps_up_needs_no_room() -> None:
    async def follow() -> bytes:
        answer = Answer(HEAD, Room(0))
        answer.follow(lambda: None)

        async def feed() -> None:
            for piece in PIECES:
                answer.add(piece)
                await asyncio.sleep(0)
            answer.end()

        feeding = asyncio.create_task(feed())
        content = await read(answer)
        await feeding
        return content

    assert asyncio.run(follow()) == b"".join(PIECES)
