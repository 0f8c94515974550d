"""Makes a sample ERP in an empty database and lets customers pay after the closing.

Everything follows from ``today`` and ``seed``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import fdb

from integrator.demo.profile_erps import oficina, varejo
from integrator.demo.profile_erps.crowd import Crowd
from integrator.demo.profile_erps.model import Case, Customer, ErpName
from integrator.demo.sample_erp.store import attachment
from integrator.erp.connection import Target, load_client
from integrator.erp.error_codes import translate


@dataclass(frozen=True, slots=True)
class Manner:
    """How the ERP's database was made, and how its program attaches: the charset is that of the database."""

    charset: str
    dialect: int


MANNERS = {ErpName.VAREJO: Manner("NONE", 3), ErpName.OFICINA: Manner("WIN1252", 1)}


@dataclass(frozen=True, slots=True)
class ProfileErp:
    """The database that was made. ``boletos`` is the folder that the integrator's settings must allow, if any is."""

    name: ErpName
    target: Target
    today: date
    customers: tuple[Customer, ...]
    boletos: Path | None

    def count(self, case: Case) -> int:
        """How many customers show this case."""
        return Counter(customer.case for customer in self.customers)[case]


def create_database(name: ErpName, target: Target) -> None:
    """An empty database in the ERP's manner. Raises the errors of :mod:`integrator.domain.errors`."""
    manner = MANNERS[name]
    load_client(target.client)
    try:
        fdb.create_database(
            dsn=target.dsn,
            user=target.user,
            password=target.password,
            charset=manner.charset,
            page_size=8192,
            sql_dialect=manner.dialect,
        ).close()
    except fdb.DatabaseError as error:
        raise translate(error) from error


def fill(name: ErpName, target: Target, files: Path, *, today: date, send_day: date, seed: int = 1) -> ProfileErp:
    """Fill the empty database at ``target``; the closing of ``today`` leaves on ``send_day``.

    ``files`` is where the ERP keeps its files; its path must be writable in Windows-1252, as the ERP's columns are.
    """
    customers = Crowd(today, send_day, seed).customers()
    boletos = files.resolve() / "BOLETOS" if name is ErpName.VAREJO else None
    with attachment(target, "NONE") as connection:
        match name:
            case ErpName.VAREJO:
                assert boletos is not None
                varejo.write(connection, customers, today, boletos)
            case ErpName.OFICINA:
                oficina.write(connection, customers, today)
    return ProfileErp(name, target, today, customers, boletos)


def pay_after_closing(erp: ProfileErp) -> int:
    """Some customers pay after the closing and the ERP tells nobody: only ``[conferir]`` knows. How many titles."""
    codes = [code for customer in erp.customers for code in customer.pays_later]
    pay = varejo.pay if erp.name is ErpName.VAREJO else oficina.pay
    with attachment(erp.target, "NONE") as connection:
        pay(connection, codes, erp.today)
    return len(codes)
