-- A guarda do número: quem já respondeu à loja (conhecido) recebe antes de quem nunca respondeu (novo), cada um com o
-- seu limite por dia, e cada módulo pode sair por um número próprio. Só o Integrador grava estas colunas.

-- C: o contato já escreveu alguma vez (ou o telefone não se lê, e a mensagem será retida logo). F: nunca escreveu.
-- Vazio: ainda não foi olhado; uma mensagem assim não sai.
ALTER TABLE WA_FILA ADD CONTATO CHAR(1) CHARACTER SET ASCII^
ALTER TABLE WA_FILA ADD CONTATO_FONE VARCHAR(20) CHARACTER SET ASCII^
-- O número pelo qual a regra dos módulos manda sair. INSTANCIA, que o ERP grava, vale mais.
ALTER TABLE WA_FILA ADD INSTANCIA_REGRA VARCHAR(40) CHARACTER SET WIN1252^

CREATE INDEX WA_I_FILA_CONTATO ON WA_FILA (SITUACAO, FINALIDADE, CONTATO, PRIORIDADE, ORDEM, ID)^

CREATE OR ALTER TRIGGER WA_FILA_BI_CONTATO FOR WA_FILA ACTIVE BEFORE INSERT POSITION 1
AS
BEGIN
    NEW.CONTATO = NULL;
    NEW.CONTATO_FONE = NULL;
    NEW.INSTANCIA_REGRA = NULL;
END^

CREATE OR ALTER TRIGGER WA_FILA_BU_CONTATO FOR WA_FILA ACTIVE BEFORE UPDATE POSITION 1
AS
BEGIN
    /* Outro telefone é outro contato, e outro módulo pode ser de outro número: quem classifica olha de novo. Também o que
       esperou por alguém: enquanto isso a pessoa pode ter escrito, e os números da loja podem ser outros. */
    IF (NEW.TELEFONE IS DISTINCT FROM OLD.TELEFONE OR NEW.MODULO IS DISTINCT FROM OLD.MODULO
        OR (NEW.SITUACAO = 'pendente' AND OLD.SITUACAO IN ('rascunho', 'aguardando_confirmacao', 'retida'))) THEN
    BEGIN
        NEW.CONTATO = NULL;
        NEW.CONTATO_FONE = NULL;
        NEW.INSTANCIA_REGRA = NULL;
    END
END^

CREATE OR ALTER PROCEDURE WA_RESERVAR (
    P_DONO VARCHAR(60) CHARACTER SET ASCII,
    P_INSTANCIA VARCHAR(40) CHARACTER SET WIN1252,
    P_LEASE_S INTEGER,
    P_AGORA TIMESTAMP,
    P_FINALIDADE VARCHAR(12) CHARACTER SET ASCII,
    P_CONTATO CHAR(1) CHARACTER SET ASCII = NULL,
    P_LIVRES CHAR(1) CHARACTER SET ASCII = 'S'
) RETURNS (
    ID INTEGER,
    GUID CHAR(36) CHARACTER SET ASCII,
    TOKEN CHAR(36) CHARACTER SET ASCII
)
AS
    DECLARE VARIABLE V_FEITO SMALLINT;
BEGIN
    TOKEN = UUID_TO_CHAR(GEN_UUID());
    IF (P_CONTATO IS NULL) THEN
    BEGIN
        FOR SELECT ID, GUID FROM WA_FILA
            WHERE SITUACAO = 'pendente' AND FINALIDADE = :P_FINALIDADE
              AND (NAO_ANTES IS NULL OR NAO_ANTES <= :P_AGORA)
              AND (EXPIRA_EM IS NULL OR EXPIRA_EM > :P_AGORA)
              AND (COALESCE(INSTANCIA, INSTANCIA_REGRA) = :P_INSTANCIA
                OR (INSTANCIA IS NULL AND INSTANCIA_REGRA IS NULL AND :P_LIVRES = 'S'))
            ORDER BY SITUACAO, FINALIDADE, PRIORIDADE, ORDEM, ID
            INTO :ID, :GUID
        DO
        BEGIN
            V_FEITO = 0;
            BEGIN
                UPDATE WA_FILA SET SITUACAO = 'reservada', DONO = :P_DONO, TOKEN = :TOKEN,
                    RESERVADA_ATE = DATEADD(SECOND, :P_LEASE_S, CAST('NOW' AS TIMESTAMP))
                WHERE ID = :ID AND SITUACAO = 'pendente';
                V_FEITO = ROW_COUNT;
                WHEN GDSCODE deadlock, GDSCODE lock_conflict, GDSCODE update_conflict DO V_FEITO = 0;
            END
            IF (V_FEITO = 1) THEN
            BEGIN
                SUSPEND;
                EXIT;
            END
        END
    END
    ELSE
    BEGIN
        FOR SELECT ID, GUID FROM WA_FILA
            WHERE SITUACAO = 'pendente' AND FINALIDADE = :P_FINALIDADE AND CONTATO = :P_CONTATO
              AND (NAO_ANTES IS NULL OR NAO_ANTES <= :P_AGORA)
              AND (EXPIRA_EM IS NULL OR EXPIRA_EM > :P_AGORA)
              AND (COALESCE(INSTANCIA, INSTANCIA_REGRA) = :P_INSTANCIA
                OR (INSTANCIA IS NULL AND INSTANCIA_REGRA IS NULL AND :P_LIVRES = 'S'))
            ORDER BY SITUACAO, FINALIDADE, CONTATO, PRIORIDADE, ORDEM, ID
            INTO :ID, :GUID
        DO
        BEGIN
            V_FEITO = 0;
            BEGIN
                UPDATE WA_FILA SET SITUACAO = 'reservada', DONO = :P_DONO, TOKEN = :TOKEN,
                    RESERVADA_ATE = DATEADD(SECOND, :P_LEASE_S, CAST('NOW' AS TIMESTAMP))
                WHERE ID = :ID AND SITUACAO = 'pendente';
                V_FEITO = ROW_COUNT;
                WHEN GDSCODE deadlock, GDSCODE lock_conflict, GDSCODE update_conflict DO V_FEITO = 0;
            END
            IF (V_FEITO = 1) THEN
            BEGIN
                SUSPEND;
                EXIT;
            END
        END
    END
END^
