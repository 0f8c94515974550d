"""Who collects says who he is: name, address and CPF or CNPJ, in text and paper (CDC art. 42-A, Lei 12.039/2009)."""

from __future__ import annotations

from integrator.domain.errors import MessageError
from integrator.domain.message import Company


def check_supplier(company: Company) -> None:
    """Raises :class:`MessageError` for a shop that does not tell all three."""
    if not (company.name and company.tax_id and company.address.one_line):
        raise MessageError(
            "Faltam o nome, o CNPJ ou o endereço da empresa, que a lei exige em toda cobrança. Preencha a tabela "
            "WA_EMPRESA ou a seção [empresa] da configuração e libere a mensagem."
        )
