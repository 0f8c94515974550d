"""Invented people and companies of the west of Santa Catarina and around: names, addresses, CPF and CNPJ."""

from __future__ import annotations

from itertools import cycle
from random import Random

from integrator.demo.sample_erp.model import Identity

_WOMEN = (
    "Ana Júlia", "Antônia", "Aparecida", "Bárbara", "Beatriz", "Cecília", "Cláudia", "Débora", "Eloá", "Fátima",
    "Flávia", "Helena", "Inês", "Ivone", "Jéssica", "Letícia", "Lúcia", "Márcia", "Mônica", "Patrícia", "Rosângela",
    "Sônia", "Tânia", "Vitória",
)  # fmt: skip
_MEN = (
    "Adão", "Ângelo", "Antônio", "Cássio", "César", "Cláudio", "Élton", "Fábio", "Flávio", "Inácio", "Itacir", "João",
    "José", "Júlio", "Leandro", "Luís", "Márcio", "Maurício", "Moisés", "Nélson", "Otávio", "Rogério", "Sérgio",
    "Valdomiro",
)  # fmt: skip
_SURNAMES = (
    "Araújo", "Bedin", "Bortoluzzi", "Brandão", "Casagrande", "Conceição", "Dallacosta", "Estêvão", "Fachinello",
    "Fröhlich", "Gonçalves", "Grando", "Kühn", "Lazzarotto", "Magalhães", "Müller", "Noronha", "Paludo", "Piccoli",
    "Quadros", "Ramão", "Rossetto", "Schütz", "Simões", "Tonello", "Trevisan", "Vígolo", "Weirich", "Zanella",
    "Zílio",
)  # fmt: skip
_TRADES = (
    "Agropecuária", "Auto Mecânica", "Comércio de Rações", "Confecções", "Construções", "Elétrica", "Esquadrias",
    "Funilaria", "Gráfica", "Madeireira", "Mercearia", "Móveis Sob Medida", "Padaria", "Pré-Moldados",
    "Serralheria", "Transportes",
)  # fmt: skip
_SUFFIXES = ("Ltda", "Ltda ME", "EIRELI", "& Filhos Ltda", "& Irmãos Ltda")
_STREETS = (
    "Rua das Araucárias", "Rua Sete de Setembro", "Rua do Comércio", "Avenida da Imigração", "Rua João Bedin",
    "Rua São Miguel", "Travessa das Acácias", "Rua Getúlio Vargas", "Linha São Brás, interior", "Rua Ipê-Amarelo",
    "Rua Padre Inácio", "Avenida Brasília", "Rua Três Pinheiros", "Rodovia Municipal, km 4",
)  # fmt: skip
_DISTRICTS = (
    "Centro",
    "São Cristóvão",
    "Nações",
    "Petrópolis",
    "Industriários",
    "Vista Alegre",
    "Santa Cruz",
    "Itaíba",
)
_CITIES = (
    ("Concórdia", "SC", "8970"), ("Concórdia", "SC", "8970"), ("Concórdia", "SC", "8970"), ("Seara", "SC", "8977"),
    ("Chapecó", "SC", "8980"), ("Joaçaba", "SC", "8960"), ("Ipumirim", "SC", "8979"), ("Xanxerê", "SC", "8982"),
    ("Erechim", "RS", "9970"), ("Florianópolis", "SC", "8801"), ("Joinville", "SC", "8920"),
    ("São Paulo", "SP", "0131"),
)  # fmt: skip
_UPPER_SHARE = 0.6
_ELEVEN = 11


class People:
    """Invents people from the given chance."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def customer(self, name: str = "") -> Identity:
        """A new customer, one in three a company; part of the names in capitals, as old screens leave them.

        One with a given ``name`` is a company and keeps the name as it is.
        """
        random = self._random
        is_company = bool(name) or random.random() < 1 / 3
        chosen = name or (self.company_name() if is_company else self.person_name())
        if not name and random.random() < _UPPER_SHARE:
            chosen = chosen.upper()
        city, state, prefix = random.choice(_CITIES)
        return Identity(
            name=chosen,
            tax_id=cnpj(f"{random.randrange(10**8):08d}") if is_company else cpf(f"{random.randrange(10**9):09d}"),
            is_company=is_company,
            street=f"{random.choice(_STREETS)}, {random.randrange(12, 2900)}",
            district=random.choice(_DISTRICTS),
            city=city,
            state=state,
            postal_code=f"{prefix}{random.randrange(10)}-{random.randrange(10, 990):03d}",
        )

    def person_name(self) -> str:
        """First name and two surnames."""
        first = self._random.choice(_WOMEN + _MEN)
        return f"{first} {' '.join(self._random.sample(_SURNAMES, 2))}"

    def first_name(self) -> str:
        """Whom one asks for on the telephone."""
        return self._random.choice(_WOMEN + _MEN)

    def company_name(self) -> str:
        """``Serralheria Zílio & Filhos Ltda``."""
        pick = self._random.choice
        return f"{pick(_TRADES)} {pick(_SURNAMES)} {pick(_SUFFIXES)}"


def cpf(nine: str) -> str:
    """Nine digits completed with both check digits and formatted."""
    digits = nine if len(set(nine)) > 1 else "123456780"
    for first in (10, 11):
        digits += _dv(digits, range(first, 1, -1))
    return f"{digits[:3]}.{digits[3:6]}.{digits[6:9]}-{digits[9:]}"


def cnpj(root: str) -> str:
    """The CNPJ of a head office (``/0001``) with that eight-digit root, formatted."""
    digits = f"{root}0001"
    for start in (5, 6):
        weights = cycle(range(9, 1, -1))
        ordered = [start - step for step in range(start - 1)] + [next(weights) for _ in range(len(digits) - start + 1)]
        digits += _dv(digits, ordered)
    return f"{digits[:2]}.{digits[2:5]}.{digits[5:8]}/{digits[8:12]}-{digits[12:]}"


def _dv(digits: str, weights: range | list[int]) -> str:
    """Modulo 11 as the Receita Federal does it: 10 and 11 become 0."""
    remainder = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % _ELEVEN
    return "0" if remainder < 2 else str(_ELEVEN - remainder)
