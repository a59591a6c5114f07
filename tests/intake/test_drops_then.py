"""What was known of the drops at a moment stays known of it, whatever became of them later."""

from __future__ import annotations

from datetime import timedelta

from tests.first_schema import back_to_the_first
from tests.intake.clerking import BAD, HEADER, LI, WANG, Post, sheet

from commandpost import picture
from commandpost.desks.arrivals import DropRow, DropsPicture
from commandpost.intake import clerk
from commandpost.intake.load import CHUNK
from commandpost.places import PostPlaces
from commandpost.store import migrate
from commandpost.store.engine import connect, open_post


def _seen(post: Post, tick: int | None = None) -> tuple[int, DropsPicture]:
    found = picture.at(post.engine, post.now, post.settings, tick)
    return found.tick, found.drops


def _row(drops: DropsPicture) -> tuple[str, int, int, int]:
    (row,) = drops.rows
    assert isinstance(row, DropRow)
    return row.verdict, row.rows, row.new, row.rejected


def test_a_drop_in_the_middle_of_its_load_is_seen_as_it_stood_then(post: Post) -> None:
    begun = post.now - timedelta(days=2)
    rows = (
        f"{begun + timedelta(seconds=n):%Y-%m-%d %H:%M:%S},东门,进,人{n},,,36.5,放行"
        for n in range(3 * CHUNK)
    )
    path = post.file("东门.csv", sheet(BAD, *rows))
    job = clerk.begin(post.engine, clerk.NamedFile(path, "north"), post.places, post.settings, post.clock)
    then = []
    while job.step():
        if job.drop_id is not None:
            then.append(_seen(post))
    assert _row(then[0][1])[:2] == ("", CHUNK)
    end = _seen(post)
    assert _row(end[1]) == ("taken", 3 * CHUNK + 1, 3 * CHUNK, 1)
    for tick, drops in then:
        assert _seen(post, tick)[1] == drops


def test_a_file_that_waited_and_was_then_taken_waited_then(post: Post) -> None:
    whole = sheet(WANG, LI)
    assert post.take("东门.csv", whole[:-30])["verdict"] == "held"
    waiting = _seen(post)
    assert (waiting[1].held, waiting[1].today) == (1, 1)
    post.later(minutes=1)
    assert post.take("东门.csv", whole)["verdict"] == "taken"
    assert (_seen(post)[1].held, _row(_seen(post)[1])) == (0, ("taken", 2, 2, 0))
    assert _seen(post, waiting[0])[1] == waiting[1]


def test_a_file_that_asked_and_was_taken_away_asked_then(post: Post) -> None:
    post.take("怪.csv", "甲,乙\n1,2\n3,4\n")
    asking = _seen(post)
    assert asking[1].asking == 1
    post.later(minutes=1)
    clerk.forget(post.engine, post.places, post.clock, "怪.csv", "north")
    assert _seen(post)[1].asking == 0
    assert _seen(post, asking[0])[1] == asking[1]


def test_a_held_file_that_comes_to_ask_was_held_before(post: Post) -> None:
    for _ in range(2):
        post.take("东门.csv", sheet(WANG)[: len(HEADER) + 20])
        post.later(minutes=10)
    assert (_seen(post)[1].held, _seen(post)[1].asking) == (0, 1)
    assert (_seen(post, 1)[1].held, _seen(post, 1)[1].asking) == (1, 0)


def test_the_drops_of_a_post_of_the_first_schema_are_seen_after_it_is_brought_up_to_date(
    post: Post, post_places: PostPlaces
) -> None:
    post.take("东门.csv", sheet(WANG, BAD))
    tick, drops = _seen(post)
    with post.engine.begin() as connection:
        back_to_the_first(connection)
    assert migrate.is_behind(post.engine)
    post.engine.dispose()
    open_post(post_places).dispose()
    post.engine = connect(post_places)
    assert _seen(post, tick)[1] == drops
