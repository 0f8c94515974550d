"""A shop's queue after months: a history of several kinds with texts, 600 messages a day, and rows that wait.

Inserted past the triggers, which would date everything today; the same rows for the bench and for the tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import fdb

PER_DAY = 600
_BATCH = 20_000
_TRIGGERS = ("WA_FILA_BI", "WA_FILA_BU", "WA_FILA_AIU")

#: One a minute from eight to six o'clock, the newest one yesterday. Failed and uncertain ones have no time of leaving.
_HISTORY = f"""\
EXECUTE BLOCK (P_FROM INTEGER = ?, P_TO INTEGER = ?, P_BASE INTEGER = ?) AS
    DECLARE VARIABLE I INTEGER;
    DECLARE VARIABLE K INTEGER;
    DECLARE VARIABLE SENT TIMESTAMP;
    DECLARE VARIABLE STATE VARCHAR(22);
    DECLARE VARIABLE LEFT_AT TIMESTAMP;
    DECLARE VARIABLE NAME VARCHAR(120) CHARACTER SET WIN1252;
    DECLARE VARIABLE BODY VARCHAR(1000) CHARACTER SET WIN1252;
BEGIN
    I = P_FROM;
    WHILE (I <= P_TO) DO
    BEGIN
        K = MOD(I, 5000);
        SENT = DATEADD(18 HOUR TO CAST(CURRENT_DATE - 1 - I / {PER_DAY} AS TIMESTAMP));
        SENT = DATEADD(-MOD(I, {PER_DAY}) MINUTE TO SENT);
        STATE = TRIM(CASE MOD(I, 100) WHEN 0 THEN 'incerta' WHEN 1 THEN 'falhou' WHEN 2 THEN 'falhou'
            ELSE CASE MOD(I, 10) WHEN 3 THEN 'enviada' WHEN 4 THEN 'entregue' ELSE 'lida' END END);
        LEFT_AT = CASE WHEN STATE IN ('incerta', 'falhou') THEN NULL ELSE SENT END;
        NAME = 'Cliente de número ' || K || ' da Conceição';
        BODY = 'Olá, ' || NAME || '. Há uma parcela de R$ 150,00 vencida em 20/10/2026, da nota ' || I
            || '. Se já pagou, desconsidere; senão, segue o boleto. Qualquer dúvida é só responder esta mensagem: '
            || 'estamos aqui de segunda a sexta. Loja Exemplo, Rua das Flores, 100, Centro. Para não receber mais, '
            || 'responda SAIR.';
        INSERT INTO WA_FILA (ID, GUID, CHAVE, SITUACAO, FINALIDADE, MODULO, TIPO, PRIORIDADE, ORDEM, EMPRESA,
            CLIENTE_CODIGO, CLIENTE_NOME, TELEFONE, ACEITA_RECEBER, CRIADO_EM, ATUALIZADO_EM, INSTANCIA_ENVIO, DONO,
            TENTATIVAS, SEMENTE, DESTINO, ENVIADA_EM, ENTREGUE_EM, LIDA_EM, TEXTO_FINAL, TEXTO_HISTORICO)
        VALUES (:P_BASE + :I, UUID_TO_CHAR(GEN_UUID()), 'HISTORICO|' || :I, :STATE, 'cobranca',
            TRIM(CASE MOD(:I, 4) WHEN 0 THEN 'ORÇAMENTO' ELSE 'RECEBER' END),
            TRIM(CASE MOD(:I, 4) WHEN 0 THEN 'STATUS ORÇAMENTO' WHEN 1 THEN 'DÉBITO A VENCER'
                ELSE 'DÉBITO VENCIDO' END),
            5, :SENT, '1', :K, :NAME, '(49) 98' || (800000 + :K), 'S', :SENT, :SENT, 'principal', 'bench', 1, 0,
            '554998' || (800000 + :K), :LEFT_AT,
            CASE WHEN :STATE IN ('lida', 'entregue') THEN DATEADD(1 MINUTE TO :SENT) END,
            CASE WHEN :STATE = 'lida' THEN DATEADD(9 MINUTE TO :SENT) END, :BODY, :BODY);
        I = I + 1;
    END
END"""


def fill_history(connection: fdb.Connection, rows: int) -> None:
    """So many finished messages after those that are there, on an attachment in UTF8."""
    cursor = connection.cursor()
    cursor.execute("SELECT GEN_ID(WA_GEN_FILA, 0) FROM RDB$DATABASE")
    ((base,),) = cursor.fetchall()
    connection.commit()
    with _without_triggers(connection):
        insert = cursor.prep(_HISTORY)
        for start in range(1, rows + 1, _BATCH):
            cursor.execute(insert, (start, min(start + _BATCH - 1, rows), base))
            connection.commit()
        cursor.close()
        connection.execute_immediate(f"SET GENERATOR WA_GEN_FILA TO {base + rows}")
        connection.commit()
    connection.execute_immediate("SET STATISTICS INDEX WA_I_FILA_VEZ")
    connection.commit()


@contextmanager
def _without_triggers(connection: fdb.Connection) -> Iterator[None]:
    for trigger in _TRIGGERS:
        connection.execute_immediate(f"ALTER TRIGGER {trigger} INACTIVE")
    connection.commit()
    yield
    for trigger in _TRIGGERS:
        connection.execute_immediate(f"ALTER TRIGGER {trigger} ACTIVE")
    connection.commit()
