"""Makes the sample ERP in an empty database, runs its closing, and lets a debtor pay in between.

Everything follows from ``today`` and ``seed``: two builds hold the same data, but for the queue's GUIDs and times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from integrator.demo.sample_erp import store
from integrator.demo.sample_erp.attachments import Folders
from integrator.demo.sample_erp.cast import Cast
from integrator.demo.sample_erp.day import day_messages, ordinary_customers
from integrator.demo.sample_erp.expectations import Expectations, expect
from integrator.demo.sample_erp.model import Customer
from integrator.demo.sample_erp.modules import module_messages
from integrator.erp.connection import Database, Target
from integrator.erp.schema import installer


@dataclass(frozen=True, slots=True)
class SampleErp:
    """The database that was made, and what to expect of it.

    ``allowed_folder`` is the one folder that the integrator's settings must allow for attachments (``[documentos]
    pastas_permitidas``). ``expectations`` hold for the closing of ``today``.
    """

    target: Target
    today: date
    allowed_folder: Path
    customers: tuple[Customer, ...]
    expectations: Expectations


def build_sample_erp(target: Target, files: Path, today: date, seed: int = 1) -> SampleErp:
    """Fill the empty database (charset NONE) at ``target`` with the shop, the contract and the day's messages.

    ``files`` is a folder for what the ERP keeps on the disk; it is created. Its path must be writable in Windows-1252,
    as the ERP's columns are. Raises the errors of :mod:`integrator.erp.connection`.
    """
    folders = Folders(files.resolve())
    folders.create()
    customers = Cast(today, seed, folders).customers()
    worded = day_messages(customers)
    messages = (*worded, *module_messages(ordinary_customers(customers)[len(worded) :]))
    installer.install(Database(target))
    with store.attachment(target, "WIN1252") as connection:
        store.run_script(connection, "tabelas.sql")
        store.run_script(connection, "procedimentos.sql")
    with store.attachment(target, "NONE") as connection:
        store.write_shop(connection)
        store.write_customers(connection, customers)
        store.write_day(connection, messages)
    return SampleErp(target, today, folders.allowed, customers, expect(customers, messages, today))


def run_closing(erp: SampleErp, day: date) -> int:
    """The ERP's nightly closing of ``day``, in one transaction. How many messages it queued; none the second time."""
    with store.attachment(erp.target, "NONE") as connection:
        return store.close_day(connection, day)


def pay_after_closing(erp: SampleErp) -> int:
    """Some customers pay after the closing; the ERP books it and tells nobody, so only its hook knows. How many titles.

    One customer pays everything (expected ``cancelada``), another one title of two (sent without it).
    """
    codes = [code for customer in erp.customers for code in customer.pays_later]
    with store.attachment(erp.target, "NONE") as connection:
        return store.receive_payment(connection, codes, erp.today)
