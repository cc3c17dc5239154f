from __future__ import annotations

from askpapers.metadata import NO_METADATA, Metadata, Notice, Person, merged


def test_a_name_is_written_given_name_first() -> None:
    assert str(Person("van der Berg", "Ada")) == "Ada van der Berg"
    assert str(Person("The ATLAS Collaboration")) == "The ATLAS Collaboration"


def test_what_one_record_lacks_comes_from_the_other_and_tags_from_both() -> None:
    first = Metadata(venue="Nature", tags=("moss", "walls"), extra=(("ris:M1", "1"),))
    second = Metadata(venue="Nat.", doi="10.1/x", tags=("walls", "towns"), notice=Notice.RETRACTED)
    both = merged(first, second)
    assert both == Metadata(
        venue="Nature",
        doi="10.1/x",
        tags=("moss", "walls", "towns"),
        notice=Notice.RETRACTED,
        extra=(("ris:M1", "1"),),
    )
    assert merged(NO_METADATA, both) == both == merged(both, both)
