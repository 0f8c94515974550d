"""``profile new``: a commented profile to be completed, with guesses from the database's own names where asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from integrator.erp.connection import Database
from integrator.erp.profiles.canonical import SOURCES, ColumnKind, SourceName
from integrator.erp.profiles.catalog import Catalog

#: Parts of the names that ERPs give to such tables, and to the columns that matter, the likeliest first.
_TABLE_HINTS: Mapping[SourceName, tuple[str, ...]] = {
    SourceName.DEBTS: ("RECEBER", "CRECEBER", "TITULO", "DUPLICATA", "PARCELA", "FINANCEIRO", "DEBITO"),
    SourceName.CONTACTS: ("CLIENTE", "PESSOA", "CADASTRO", "CONTATO"),
    SourceName.COMPANIES: ("EMPRESA", "FILIAL", "LOJA"),
}
_COLUMN_HINTS: Mapping[str, tuple[str, ...]] = {
    "REF": ("ID", "CODIGO", "COD"),
    "CODIGO": ("CODIGO", "COD", "ID"),
    "CLIENTE_CODIGO": ("CLIENTE", "PESSOA", "CLI", "PES", "CODIGO", "ID"),
    "CLIENTE_NOME": ("NOME", "RAZAO", "DESCRICAO"),
    "RAZAO_SOCIAL": ("RAZAO", "NOME"),
    "NOME_FANTASIA": ("FANTASIA", "APELIDO"),
    "CNPJ": ("CNPJ", "CGC"),
    "VENCIMENTO": ("VENCIMENTO", "VENCTO", "VENC"),
    "VALOR": ("VALOR", "VLR", "VL"),
    "VALOR_ABERTO": ("SALDO", "RESTANTE", "ABERTO", "VALOR", "VLR", "VL"),
    "TELEFONE": ("WHATS", "CELULAR", "FONE", "TEL"),
    "RECEBE_AVISO": ("AVISO", "AVISA", "RECEBE", "COBRA"),
    "EMPRESA": ("EMPRESA", "FILIAL", "LOJA"),
    "SITUACAO": ("SITUACAO", "STATUS", "QUITAD", "PAGO"),
    "DOCUMENTO": ("DOCUMENTO", "DOC", "NOTA", "NUMERO"),
    "PARCELA": ("PARCELA", "PARC"),
    "CLIENTE_DOC": ("CNPJ", "CPF"),
}
_TELLING: Mapping[SourceName, tuple[str, ...]] = {
    SourceName.DEBTS: ("VENCIMENTO", "VALOR"),
    SourceName.CONTACTS: ("TELEFONE", "CLIENTE_NOME"),
    SourceName.COMPANIES: ("CNPJ", "RAZAO_SOCIAL"),
}
_UNKNOWN = "TROQUE_AQUI"
_HEAD = """\
# Perfil do ERP: diz ao Integrador como ler os débitos, os contatos e a empresa. O Integrador só lê; nada é gravado fora
# das tabelas WA_*. Cada tabela abaixo tem um SELECT, escrito entre ''' e '''. O nome depois de AS é o que importa.
# Troque cada {unknown} pela coluna ou tabela do seu ERP. Confira com: integrator profile check {file}
# O manual, com todas as colunas e parâmetros, é docs/perfis.md.

[perfil]
nome = "Meu ERP"
# Como estão escritos os textos das colunas sem charset (NONE): WIN1252, ISO8859_1, UTF8, DOS850…
charset = "WIN1252"
"""
_TAIL = """
# Pergunta um título de novo, logo antes do envio. Nenhuma linha quer dizer que o título não existe mais.
[conferir]
sql = '''
SELECT
    'aberto' AS SITUACAO, -- troque por um CASE que diga aberto, pago, renegociado ou cancelado
    T.{open} AS VALOR_ABERTO,
    T.{due} AS VENCIMENTO
FROM {table} T
WHERE T.{ref} = :ref
'''

# Também existem [retorno_bancario], [documentos], [aniversariantes], [cashback] e [historico]: veja o manual.
"""


@dataclass(frozen=True, slots=True)
class Guess:
    """The table that a source probably is in, with its columns by canonical name."""

    table: str
    columns: Mapping[str, str]

    def column(self, name: str) -> str:
        return self.columns.get(name, _UNKNOWN)


def template(file: str, tables: Mapping[str, Sequence[str]] | None = None) -> str:
    """The text of a new profile; ``tables`` are the columns of the database's tables, if one was looked at."""
    guesses = {source: _guess(source, tables or {}) for source in _TABLE_HINTS}
    debts = guesses[SourceName.DEBTS]
    tail = _TAIL.format(
        open=debts.column("VALOR_ABERTO"), due=debts.column("VENCIMENTO"), table=debts.table, ref=debts.column("REF")
    )
    blocks = [_block(source, guess) for source, guess in guesses.items()]
    return "".join([_HEAD.format(unknown=_UNKNOWN, file=file), *blocks, tail])


def tables_of(database: Database) -> dict[str, list[str]]:
    """The columns of every table of the ERP, ours left out."""
    found = Catalog(database).all_columns()
    return {table: columns for table, columns in found.items() if not table.startswith("WA_")}


def likely_tables(tables: Mapping[str, Sequence[str]]) -> dict[SourceName, list[str]]:
    """The best candidates of each source, the likeliest first, three at the most."""
    ranked = {source: sorted(tables, key=lambda table: _rank(source, table, tables[table])) for source in _TABLE_HINTS}
    return {
        source: [table for table in names if _score(source, table, tables[table]) > 0][:3]
        for source, names in ranked.items()
    }


def _rank(source: SourceName, table: str, columns: Sequence[str]) -> tuple[int, int, str]:
    return (-_score(source, table, columns), len(table), table)


def _score(source: SourceName, table: str, columns: Sequence[str]) -> int:
    """How much a table looks like that source: its name, and whether it has the columns that tell."""
    hints = _TABLE_HINTS[source]
    named = next((len(hints) - at for at, hint in enumerate(hints) if hint in table.upper()), 0)
    telling = sum(bool(_find(name, columns)) for name in _TELLING[source])
    return named + 4 * telling if telling == len(_TELLING[source]) else 0


def _guess(source: SourceName, tables: Mapping[str, Sequence[str]]) -> Guess:
    best = likely_tables(tables)[source][:1]
    if not best:
        return Guess(_UNKNOWN, {})
    found: dict[str, str] = {}
    for column in SOURCES[source].columns:
        if name := _find(column.name, tables[best[0]]):
            found[column.name] = name
    return Guess(best[0], found)


def _find(canonical: str, columns: Sequence[str]) -> str:
    for hint in _COLUMN_HINTS.get(canonical, ()):
        found = next((column for column in columns if hint in column.upper()), "")
        if found:
            return found
    return ""


def _block(source: SourceName, guess: Guess) -> str:
    spec = SOURCES[source]
    wanted = [column for column in spec.columns if column.required or column.name in guess.columns]
    lines = []
    for at, column in enumerate(wanted):
        comma = "," if at + 1 < len(wanted) else ""
        needed = "obrigatória" if column.required else "opcional"
        value = f"T.{guess.column(column.name)}"
        if column.kind is ColumnKind.FLAG:
            value = f"CASE WHEN {value} = 'S' THEN 'S' ELSE 'N' END"
        lines.append(f"    {value} AS {column.name}{comma} -- {needed}: {column.about}")
    where = f"\nWHERE T.{guess.column('VENCIMENTO')} BETWEEN :de AND :ate" if source is SourceName.DEBTS else ""
    select = "\n".join(lines)
    return f"\n# {spec.about}.\n[{source.value}]\nsql = '''\nSELECT\n{select}\nFROM {guess.table} T{where}\n'''\n"
