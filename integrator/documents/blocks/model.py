"""A block document as the rest of the program knows it."""

from __future__ import annotations

from dataclasses import dataclass

from integrator.documents.blocks.content import Layout


@dataclass(frozen=True, slots=True)
class Look:
    """How a shop's documents look: ``colour`` as ``#RRGGBB``, for headings and the line below the letterhead."""

    colour: str = "#0F766E"


@dataclass(frozen=True, slots=True)
class DocumentModel:
    """One kind of document. ``needs`` are the lists that must not be empty; ``collects``: the rules of collection hold.

    ``title`` names it for people, on its pages too. ``based_on`` is the document whose variables it takes, mostly its
    own name; ``variables`` are those that the ERP's rows bring besides, each with an example.
    """

    name: str
    title: str
    collects: bool
    needs: tuple[str, ...]
    layout: Layout
    based_on: str = ""
    variables: tuple[tuple[str, str], ...] = ()
