-- As mensagens de todos os módulos: itens de um documento, variáveis em JSON, o "sim" de uma pessoa, e o que só pode sair
-- uma vez por pessoa e ano.

ALTER TABLE WA_FILA ADD VARIAVEIS BLOB SUB_TYPE TEXT CHARACTER SET WIN1252^
ALTER TABLE WA_FILA ADD CONFIRMADA_EM TIMESTAMP^

CREATE TABLE WA_ITEM (
    ID INTEGER NOT NULL,
    FILA_ID INTEGER NOT NULL,
    ORDEM INTEGER NOT NULL,
    CODIGO VARCHAR(30) CHARACTER SET WIN1252,
    DESCRICAO VARCHAR(200) CHARACTER SET WIN1252,
    QUANTIDADE NUMERIC(15, 3),
    UNIDADE VARCHAR(10) CHARACTER SET WIN1252,
    VALOR_UNITARIO NUMERIC(15, 4),
    DESCONTO NUMERIC(15, 2),
    TOTAL NUMERIC(15, 2),
    CONSTRAINT WA_PK_ITEM PRIMARY KEY (ID),
    CONSTRAINT WA_FK_ITEM_FILA FOREIGN KEY (FILA_ID) REFERENCES WA_FILA (ID) ON DELETE CASCADE
)^

-- Quem saiu por uma vez que não se repete (o aniversário de uma pessoa em um ano). A chave primária decide entre dois
-- Integradores que enviam no mesmo instante.
CREATE TABLE WA_UNICA (
    CHAVE VARCHAR(160) CHARACTER SET WIN1252 NOT NULL,
    FILA_ID INTEGER NOT NULL,
    CONSTRAINT WA_PK_UNICA PRIMARY KEY (CHAVE),
    CONSTRAINT WA_FK_UNICA_FILA FOREIGN KEY (FILA_ID) REFERENCES WA_FILA (ID) ON DELETE CASCADE
)^

CREATE OR ALTER TRIGGER WA_ITEM_BI FOR WA_ITEM ACTIVE BEFORE INSERT POSITION 0
AS
BEGIN
    NEW.ID = GEN_ID(WA_GEN_ITEM, 1);
    NEW.ORDEM = COALESCE(NEW.ORDEM, NEW.ID);
END^

CREATE OR ALTER TRIGGER WA_FILA_BI FOR WA_FILA ACTIVE BEFORE INSERT POSITION 0
AS
    DECLARE VARIABLE V_OUTRA INTEGER;
    DECLARE VARIABLE V_QUEM VARCHAR(60) CHARACTER SET WIN1252;
BEGIN
    NEW.ID = GEN_ID(WA_GEN_FILA, 1);
    NEW.GUID = UUID_TO_CHAR(GEN_UUID());
    NEW.CRIADO_EM = COALESCE(NEW.CRIADO_EM, CAST('NOW' AS TIMESTAMP));
    NEW.ATUALIZADO_EM = CAST('NOW' AS TIMESTAMP);
    NEW.SITUACAO = LOWER(TRIM(COALESCE(NEW.SITUACAO, 'pendente')));
    NEW.FINALIDADE = LOWER(TRIM(COALESCE(NEW.FINALIDADE, 'cobranca')));
    NEW.PRIORIDADE = COALESCE(NEW.PRIORIDADE, 5);
    NEW.ORDEM = COALESCE(NEW.ORDEM, NEW.CRIADO_EM);
    NEW.ACEITA_RECEBER = UPPER(NEW.ACEITA_RECEBER);
    NEW.TENTATIVAS = 0;
    NEW.SEMENTE = MOD(NEW.ID, 1000000);
    NEW.DONO = NULL;
    NEW.TOKEN = NULL;
    NEW.RESERVADA_ATE = NULL;
    NEW.CONFIRMADA_EM = NULL;
    IF (NEW.SITUACAO NOT IN ('rascunho', 'pendente', 'aguardando_confirmacao', 'retida')) THEN
    BEGIN
        NEW.MOTIVO = 'Uma mensagem nova não pode começar na situação "' || NEW.SITUACAO || '".';
        NEW.MOTIVO_CODIGO = 'situacao';
        NEW.ERRO_ERP = NEW.MOTIVO;
        NEW.SITUACAO = 'retida';
    END
    IF (NEW.FINALIDADE NOT IN ('cobranca', 'servico', 'promocional')) THEN
    BEGIN
        NEW.MOTIVO = 'Finalidade desconhecida: "' || NEW.FINALIDADE || '". Use cobranca, servico ou promocional.';
        NEW.MOTIVO_CODIGO = 'finalidade';
        NEW.ERRO_ERP = NEW.MOTIVO;
        NEW.FINALIDADE = 'cobranca';
        NEW.SITUACAO = 'retida';
    END
    IF (TRIM(COALESCE(NEW.CHAVE, '')) = '') THEN
    BEGIN
        V_QUEM = COALESCE(NULLIF(TRIM(NEW.CLIENTE_CODIGO), ''), TRIM(LEFT(NEW.TELEFONE, 60)), '');
        IF (UPPER(TRIM(NEW.MODULO)) = 'ANIVERSARIANTES' AND V_QUEM <> '') THEN
            NEW.CHAVE = 'ANIV|' || COALESCE(TRIM(NEW.EMPRESA), '') || '|' || V_QUEM || '|'
                || EXTRACT(YEAR FROM COALESCE(NEW.NAO_ANTES, NEW.CRIADO_EM));
        ELSE IF (NEW.FINALIDADE = 'cobranca') THEN
            NEW.CHAVE = 'AUTO|' || EXTRACT(YEAR FROM NEW.CRIADO_EM) || '-' || EXTRACT(MONTH FROM NEW.CRIADO_EM) || '-'
                || EXTRACT(DAY FROM NEW.CRIADO_EM) || '|' || LEFT(COALESCE(NEW.EMPRESA, ''), 8) || '|'
                || LEFT(COALESCE(NEW.MODULO, ''), 15) || '|' || LEFT(COALESCE(NEW.TIPO, ''), 25) || '|'
                || LEFT(COALESCE(NEW.CLIENTE_CODIGO, ''), 20) || '|' || LEFT(COALESCE(NEW.TELEFONE, ''), 25);
        ELSE
            NEW.CHAVE = 'AUTO|' || NEW.GUID;
    END
    V_OUTRA = NULL;
    SELECT ID FROM WA_FILA WHERE CHAVE = NEW.CHAVE INTO :V_OUTRA;
    IF (V_OUTRA IS NOT NULL) THEN
    BEGIN
        NEW.MOTIVO = 'Chave repetida: a chave desta mensagem já pertence à mensagem ' || V_OUTRA
            || '. Só aquela vale; para trocar o conteúdo use WA_ENFILEIRAR.';
        NEW.MOTIVO_CODIGO = 'chave_repetida';
        NEW.CHAVE = LEFT(NEW.CHAVE, 80) || '#' || NEW.GUID;
        NEW.SITUACAO = 'cancelada';
    END
END^

CREATE OR ALTER TRIGGER WA_FILA_BU FOR WA_FILA ACTIVE BEFORE UPDATE POSITION 0
AS
    DECLARE VARIABLE V_OK SMALLINT;
BEGIN
    NEW.ID = OLD.ID;
    NEW.GUID = OLD.GUID;
    NEW.ATUALIZADO_EM = CAST('NOW' AS TIMESTAMP);
    NEW.SITUACAO = LOWER(TRIM(NEW.SITUACAO));
    NEW.CONFIRMADA_EM = OLD.CONFIRMADA_EM;
    IF (NEW.SITUACAO <> OLD.SITUACAO) THEN
    BEGIN
        V_OK = 0;
        IF (OLD.SITUACAO = 'rascunho') THEN
        BEGIN
            IF (NEW.SITUACAO IN ('pendente', 'aguardando_confirmacao', 'retida', 'cancelada', 'expirada')) THEN V_OK = 1;
        END
        ELSE IF (OLD.SITUACAO = 'aguardando_confirmacao') THEN
        BEGIN
            IF (NEW.SITUACAO IN ('rascunho', 'pendente', 'retida', 'cancelada', 'expirada')) THEN V_OK = 1;
        END
        ELSE IF (OLD.SITUACAO = 'retida') THEN
        BEGIN
            IF (NEW.SITUACAO IN ('rascunho', 'pendente', 'cancelada', 'expirada')) THEN V_OK = 1;
        END
        ELSE IF (OLD.SITUACAO = 'pendente') THEN
        BEGIN
            IF (NEW.SITUACAO IN ('rascunho', 'aguardando_confirmacao', 'reservada', 'retida', 'cancelada', 'expirada')) THEN V_OK = 1;
        END
        ELSE IF (OLD.SITUACAO = 'reservada') THEN
        BEGIN
            IF (NEW.SITUACAO IN ('pendente', 'retida', 'cancelada', 'expirada', 'enviando', 'enviada', 'incerta')) THEN V_OK = 1;
        END
        ELSE IF (OLD.SITUACAO = 'enviando') THEN
        BEGIN
            IF (NEW.SITUACAO IN ('pendente', 'enviada', 'falhou', 'incerta')) THEN V_OK = 1;
        END
        ELSE IF (OLD.SITUACAO = 'incerta') THEN
        BEGIN
            IF (NEW.SITUACAO IN ('cancelada', 'enviada', 'entregue', 'lida', 'falhou')) THEN V_OK = 1;
        END
        ELSE IF (OLD.SITUACAO = 'enviada') THEN
        BEGIN
            IF (NEW.SITUACAO IN ('entregue', 'lida', 'falhou')) THEN V_OK = 1;
        END
        ELSE IF (OLD.SITUACAO = 'entregue') THEN
        BEGIN
            IF (NEW.SITUACAO = 'lida') THEN V_OK = 1;
        END
        /* Quem tem a mensagem na mão é o Integrador: só ele, que limpa ou troca o TOKEN, a tira de lá. */
        IF (OLD.SITUACAO IN ('reservada', 'enviando') AND NEW.SITUACAO <> 'enviando' AND NEW.TOKEN IS NOT NULL) THEN
            V_OK = 0;
        IF (V_OK = 0) THEN
        BEGIN
            INSERT INTO WA_EVENTO (ID, FILA_ID, CHAVE, QUANDO, ACAO, DE, PARA, QUEM, DETALHE)
            VALUES (GEN_ID(WA_GEN_EVENTO, 1), OLD.ID, OLD.CHAVE, CAST('NOW' AS TIMESTAMP), 'mudanca_recusada', OLD.SITUACAO,
                NEW.SITUACAO, CURRENT_USER, 'O ciclo de vida não permite esta mudança; a situação foi mantida.');
            NEW.SITUACAO = OLD.SITUACAO;
            NEW.TOKEN = OLD.TOKEN;
            NEW.DONO = OLD.DONO;
            NEW.RESERVADA_ATE = OLD.RESERVADA_ATE;
        END
        /* O "sim" de uma pessoa vale para o conteúdo que ela viu: o ERP que refaz a mensagem o perde. */
        ELSE IF (NEW.SITUACAO = 'rascunho') THEN NEW.CONFIRMADA_EM = NULL;
        ELSE IF (OLD.SITUACAO = 'aguardando_confirmacao' AND NEW.SITUACAO = 'pendente') THEN
        BEGIN
            NEW.CONFIRMADA_EM = CAST('NOW' AS TIMESTAMP);
            IF (NEW.MOTIVO_CODIGO = 'confirmar') THEN
            BEGIN
                NEW.MOTIVO = NULL;
                NEW.MOTIVO_CODIGO = NULL;
            END
        END
    END
END^

CREATE OR ALTER PROCEDURE WA_ENFILEIRAR (
    P_CHAVE VARCHAR(500) CHARACTER SET WIN1252,
    P_MODULO VARCHAR(200) CHARACTER SET WIN1252,
    P_TIPO VARCHAR(200) CHARACTER SET WIN1252,
    P_CLIENTE_CODIGO VARCHAR(200) CHARACTER SET WIN1252,
    P_CLIENTE_NOME VARCHAR(1000) CHARACTER SET WIN1252,
    P_TELEFONE VARCHAR(1000) CHARACTER SET WIN1252,
    P_ACEITA_RECEBER VARCHAR(20) CHARACTER SET WIN1252,
    P_FINALIDADE VARCHAR(100) CHARACTER SET WIN1252 = NULL,
    P_EMPRESA VARCHAR(100) CHARACTER SET WIN1252 = NULL,
    P_CLIENTE_DOC VARCHAR(100) CHARACTER SET WIN1252 = NULL,
    P_CONTATO_NOME VARCHAR(500) CHARACTER SET WIN1252 = NULL,
    P_ENDERECO VARCHAR(1000) CHARACTER SET WIN1252 = NULL,
    P_BAIRRO VARCHAR(500) CHARACTER SET WIN1252 = NULL,
    P_CIDADE VARCHAR(500) CHARACTER SET WIN1252 = NULL,
    P_UF VARCHAR(20) CHARACTER SET WIN1252 = NULL,
    P_CEP VARCHAR(50) CHARACTER SET WIN1252 = NULL,
    P_TEXTO BLOB SUB_TYPE TEXT CHARACTER SET WIN1252 = NULL,
    P_PRIORIDADE INTEGER = NULL,
    P_NAO_ANTES TIMESTAMP = NULL,
    P_EXPIRA_EM TIMESTAMP = NULL,
    P_CONFIRMAR VARCHAR(10) CHARACTER SET WIN1252 = NULL,
    P_USUARIO VARCHAR(200) CHARACTER SET WIN1252 = NULL,
    P_ESTACAO VARCHAR(200) CHARACTER SET WIN1252 = NULL,
    P_REGRA VARCHAR(200) CHARACTER SET WIN1252 = NULL,
    P_ETAPA VARCHAR(200) CHARACTER SET WIN1252 = NULL,
    P_INSTANCIA VARCHAR(200) CHARACTER SET WIN1252 = NULL
) RETURNS (
    ID INTEGER,
    RESULTADO VARCHAR(12) CHARACTER SET ASCII,
    MOTIVO VARCHAR(500) CHARACTER SET WIN1252,
    CHAVE VARCHAR(120) CHARACTER SET WIN1252
)
AS
    DECLARE VARIABLE V_CHAVE VARCHAR(120) CHARACTER SET WIN1252;
    DECLARE VARIABLE V_TEL VARCHAR(200) CHARACTER SET WIN1252;
    DECLARE VARIABLE V_FINALIDADE VARCHAR(100) CHARACTER SET WIN1252;
    DECLARE VARIABLE V_ERRO VARCHAR(500) CHARACTER SET WIN1252;
    DECLARE VARIABLE V_CODIGO VARCHAR(30) CHARACTER SET ASCII;
    DECLARE VARIABLE V_SITUACAO VARCHAR(22) CHARACTER SET ASCII;
BEGIN
    ID = NULL;
    MOTIVO = NULL;
    RESULTADO = 'ERRO';
    V_ERRO = NULL;
    V_CODIGO = NULL;
    V_CHAVE = NULL;
    BEGIN
        P_CHAVE = NULLIF(TRIM(P_CHAVE), '');
        IF (CHAR_LENGTH(P_CHAVE) > 120) THEN
            V_CHAVE = LEFT(P_CHAVE, 90) || '#' || HASH(P_CHAVE);
        ELSE
            V_CHAVE = P_CHAVE;
        IF (CHAR_LENGTH(P_TELEFONE) > 200) THEN
            V_ERRO = 'O telefone tem mais de 200 caracteres.';
        ELSE IF (CHAR_LENGTH(P_CLIENTE_NOME) > 120) THEN
            V_ERRO = 'O nome do cliente tem mais de 120 caracteres.';
        V_TEL = LEFT(P_TELEFONE, 200);
        V_FINALIDADE = LOWER(TRIM(COALESCE(P_FINALIDADE, 'cobranca')));
        IF (V_FINALIDADE NOT IN ('cobranca', 'servico', 'promocional')) THEN
        BEGIN
            V_ERRO = 'Finalidade desconhecida: "' || LEFT(V_FINALIDADE, 40) || '". Use cobranca, servico ou promocional.';
            V_FINALIDADE = 'cobranca';
        END

        IF (V_CHAVE IS NOT NULL) THEN
            SELECT ID, MOTIVO_CODIGO FROM WA_FILA WHERE CHAVE = :V_CHAVE INTO :ID, :V_CODIGO;

        IF (ID IS NULL) THEN
        BEGIN
            INSERT INTO WA_FILA (CHAVE, SITUACAO, FINALIDADE, MODULO, TIPO, PRIORIDADE, NAO_ANTES, EXPIRA_EM, CONFIRMAR, EMPRESA,
                CLIENTE_CODIGO, CLIENTE_NOME, CLIENTE_DOC, CLIENTE_ENDERECO, CLIENTE_BAIRRO, CLIENTE_CIDADE, CLIENTE_UF,
                CLIENTE_CEP, CONTATO_NOME, TELEFONE, ACEITA_RECEBER, TEXTO, ERRO_ERP, ERP_USUARIO, ERP_ESTACAO, REGRA, ETAPA,
                INSTANCIA)
            VALUES (:V_CHAVE, 'rascunho', :V_FINALIDADE, LEFT(:P_MODULO, 40), LEFT(:P_TIPO, 60),
                MINVALUE(MAXVALUE(COALESCE(:P_PRIORIDADE, 5), 1), 9), :P_NAO_ANTES, :P_EXPIRA_EM,
                CASE WHEN UPPER(LEFT(:P_CONFIRMAR, 1)) = 'S' THEN 'S' ELSE 'N' END, LEFT(:P_EMPRESA, 20),
                LEFT(:P_CLIENTE_CODIGO, 30), LEFT(:P_CLIENTE_NOME, 120), LEFT(:P_CLIENTE_DOC, 20), LEFT(:P_ENDERECO, 150),
                LEFT(:P_BAIRRO, 80), LEFT(:P_CIDADE, 80), LEFT(:P_UF, 2), LEFT(:P_CEP, 10), LEFT(:P_CONTATO_NOME, 80), :V_TEL,
                CASE WHEN UPPER(LEFT(:P_ACEITA_RECEBER, 1)) = 'S' THEN 'S' ELSE 'N' END, :P_TEXTO, :V_ERRO,
                LEFT(COALESCE(:P_USUARIO, CURRENT_USER), 60), LEFT(:P_ESTACAO, 60), LEFT(:P_REGRA, 60), LEFT(:P_ETAPA, 60),
                LEFT(:P_INSTANCIA, 40))
            RETURNING ID, SITUACAO INTO :ID, :V_SITUACAO;
            /* O gatilho cancela a segunda linha de uma chave derivada, ou gravada por outro neste meio-tempo. */
            RESULTADO = TRIM(CASE WHEN V_SITUACAO = 'rascunho' THEN 'NOVA' ELSE 'REPETIDA' END);
        END
        ELSE IF (V_CODIGO IS NOT NULL AND V_CODIGO = 'restaurado') THEN
            RESULTADO = 'REPETIDA';
        ELSE IF (EXISTS(SELECT 1 FROM WA_PARTE WHERE FILA_ID = :ID AND SITUACAO <> 'pendente')) THEN
            RESULTADO = 'REPETIDA';
        ELSE
        BEGIN
            UPDATE WA_FILA SET SITUACAO = 'rascunho', MOTIVO = NULL, MOTIVO_CODIGO = NULL, FINALIDADE = :V_FINALIDADE,
                MODULO = LEFT(:P_MODULO, 40), TIPO = LEFT(:P_TIPO, 60),
                PRIORIDADE = MINVALUE(MAXVALUE(COALESCE(:P_PRIORIDADE, 5), 1), 9),
                NAO_ANTES = :P_NAO_ANTES, EXPIRA_EM = :P_EXPIRA_EM,
                CONFIRMAR = CASE WHEN UPPER(LEFT(:P_CONFIRMAR, 1)) = 'S' THEN 'S' ELSE 'N' END, EMPRESA = LEFT(:P_EMPRESA, 20),
                CLIENTE_CODIGO = LEFT(:P_CLIENTE_CODIGO, 30), CLIENTE_NOME = LEFT(:P_CLIENTE_NOME, 120),
                CLIENTE_DOC = LEFT(:P_CLIENTE_DOC, 20), CLIENTE_ENDERECO = LEFT(:P_ENDERECO, 150), CLIENTE_BAIRRO = LEFT(:P_BAIRRO, 80),
                CLIENTE_CIDADE = LEFT(:P_CIDADE, 80), CLIENTE_UF = LEFT(:P_UF, 2), CLIENTE_CEP = LEFT(:P_CEP, 10),
                CONTATO_NOME = LEFT(:P_CONTATO_NOME, 80), TELEFONE = :V_TEL,
                ACEITA_RECEBER = CASE WHEN UPPER(LEFT(:P_ACEITA_RECEBER, 1)) = 'S' THEN 'S' ELSE 'N' END, TEXTO = :P_TEXTO,
                VARIAVEIS = NULL, ERRO_ERP = :V_ERRO, CANCELAR_PEDIDO = NULL, ERP_USUARIO = LEFT(COALESCE(:P_USUARIO, CURRENT_USER), 60),
                ERP_ESTACAO = LEFT(:P_ESTACAO, 60), REGRA = LEFT(:P_REGRA, 60), ETAPA = LEFT(:P_ETAPA, 60),
                INSTANCIA = LEFT(:P_INSTANCIA, 40)
            WHERE ID = :ID AND SITUACAO IN ('rascunho', 'pendente', 'aguardando_confirmacao', 'retida');
            IF (ROW_COUNT = 1) THEN
            BEGIN
                DELETE FROM WA_TITULO WHERE FILA_ID = :ID;
                DELETE FROM WA_VARIAVEL WHERE FILA_ID = :ID;
                DELETE FROM WA_ITEM WHERE FILA_ID = :ID;
                DELETE FROM WA_ANEXO WHERE FILA_ID = :ID;
                DELETE FROM WA_PARTE WHERE FILA_ID = :ID;
                /* Um cancelamento pedido para o conteúdo antigo não vale para o novo. */
                UPDATE WA_EVENTO SET ACAO = 'cancelar_desfeito' WHERE FILA_ID = :ID AND ACAO = 'cancelar_pedido';
                RESULTADO = 'ATUALIZADA';
            END
            ELSE
                RESULTADO = 'REPETIDA';
        END
        IF (RESULTADO = 'REPETIDA') THEN
        BEGIN
            MOTIVO = 'A mensagem desta chave já saiu ou não pode mais mudar; nada foi alterado.';
            INSERT INTO WA_EVENTO (ID, FILA_ID, CHAVE, QUANDO, ACAO, QUEM, DETALHE)
            VALUES (GEN_ID(WA_GEN_EVENTO, 1), :ID, :V_CHAVE, CAST('NOW' AS TIMESTAMP), 'chave_repetida', CURRENT_USER, :MOTIVO);
        END
        ELSE
            MOTIVO = V_ERRO;

        /* Um só WHEN: com dois, o Firebird 3 executa o que serve e depois também o WHEN ANY. */
        WHEN ANY DO
        BEGIN
            /* Linha presa por outra transação, ou a mesma chave gravada por ela: 665 e 349 são chave repetida. */
            IF (GDSCODE IN (335544336, 335544345, 335544451, 335544665, 335544349)) THEN
            BEGIN
                RESULTADO = 'REPETIDA';
                MOTIVO = 'A mensagem desta chave está em uso por outra operação, talvez o envio; nada foi alterado.';
            END
            ELSE
            BEGIN
                RESULTADO = 'ERRO';
                MOTIVO = 'O banco recusou os dados da mensagem (GDSCODE ' || GDSCODE || ', SQLCODE ' || SQLCODE || ').';
            END
        END
    END

    IF (RESULTADO = 'ERRO') THEN
    BEGIN
        /* O conteúdo antigo desta chave não vale mais: também não pode sair. */
        ID = NULL;
        SELECT ID FROM WA_FILA WHERE CHAVE = :V_CHAVE INTO :ID;
        IF (ID IS NOT NULL) THEN
            UPDATE WA_FILA SET SITUACAO = 'retida', MOTIVO = :MOTIVO, MOTIVO_CODIGO = 'erp', ERRO_ERP = :MOTIVO
            WHERE ID = :ID AND SITUACAO IN ('rascunho', 'pendente', 'aguardando_confirmacao', 'retida');
        ELSE
            INSERT INTO WA_FILA (CHAVE, SITUACAO, FINALIDADE, CLIENTE_CODIGO, CLIENTE_NOME, MOTIVO, MOTIVO_CODIGO, ERRO_ERP)
            VALUES (:V_CHAVE, 'retida', 'cobranca', LEFT(:P_CLIENTE_CODIGO, 30), LEFT(:P_CLIENTE_NOME, 120), :MOTIVO, 'erp',
                :MOTIVO)
            RETURNING ID INTO :ID;
        WHEN ANY DO ID = NULL;
    END
    /* A chave como ficou gravada (derivada, ou encurtada): é ela que os outros procedimentos pedem. */
    CHAVE = V_CHAVE;
    IF (ID IS NOT NULL) THEN
        SELECT F.CHAVE FROM WA_FILA F WHERE F.ID = :ID INTO :CHAVE;
    SUSPEND;
END^

CREATE OR ALTER PROCEDURE WA_INCLUIR_ITEM (
    P_FILA_ID INTEGER,
    P_DESCRICAO VARCHAR(1000) CHARACTER SET WIN1252,
    P_QUANTIDADE DOUBLE PRECISION,
    P_UNIDADE VARCHAR(100) CHARACTER SET WIN1252,
    P_VALOR_UNITARIO DOUBLE PRECISION,
    P_TOTAL DOUBLE PRECISION,
    P_CODIGO VARCHAR(200) CHARACTER SET WIN1252 = NULL,
    P_DESCONTO DOUBLE PRECISION = NULL
) RETURNS (RESULTADO VARCHAR(12) CHARACTER SET ASCII)
AS
    DECLARE VARIABLE V_ERRO VARCHAR(500) CHARACTER SET WIN1252;
BEGIN
    RESULTADO = 'OK';
    V_ERRO = NULL;
    /* Uma mensagem que já foi liberada, ou que já saiu, não recebe itens: sairiam duplicados. */
    IF (EXISTS(SELECT 1 FROM WA_FILA WHERE ID = :P_FILA_ID AND SITUACAO <> 'rascunho')) THEN
    BEGIN
        RESULTADO = 'IGNORADO';
        SUSPEND;
        EXIT;
    END
    BEGIN
        /* No dialeto 1 as colunas são DOUBLE PRECISION e aceitariam qualquer número. */
        IF (NOT (P_QUANTIDADE BETWEEN -999999999999.999 AND 999999999999.999)
            OR NOT (P_VALOR_UNITARIO BETWEEN -99999999999.9999 AND 99999999999.9999)
            OR NOT (P_DESCONTO BETWEEN -9999999999999.99 AND 9999999999999.99)
            OR NOT (P_TOTAL BETWEEN -9999999999999.99 AND 9999999999999.99)) THEN
            V_ERRO = 'O item "' || COALESCE(LEFT(P_DESCRICAO, 60), '') || '" tem um número fora do limite.';
        ELSE
            INSERT INTO WA_ITEM (FILA_ID, CODIGO, DESCRICAO, QUANTIDADE, UNIDADE, VALOR_UNITARIO, DESCONTO, TOTAL)
            VALUES (:P_FILA_ID, NULLIF(TRIM(:P_CODIGO), ''), TRIM(:P_DESCRICAO), :P_QUANTIDADE, NULLIF(TRIM(:P_UNIDADE), ''),
                :P_VALOR_UNITARIO, :P_DESCONTO, :P_TOTAL);
        WHEN ANY DO
            V_ERRO = 'O item "' || COALESCE(LEFT(P_DESCRICAO, 60), '') || '" não pôde ser gravado (GDSCODE ' || GDSCODE || ').';
    END
    IF (V_ERRO IS NOT NULL) THEN
    BEGIN
        RESULTADO = 'ERRO';
        UPDATE WA_FILA SET ERRO_ERP = :V_ERRO WHERE ID = :P_FILA_ID AND SITUACAO = 'rascunho';
        WHEN ANY DO RESULTADO = 'ERRO';
    END
    SUSPEND;
END^

CREATE OR ALTER PROCEDURE WA_INCLUIR_JSON (
    P_FILA_ID INTEGER,
    P_JSON BLOB SUB_TYPE TEXT CHARACTER SET WIN1252
) RETURNS (RESULTADO VARCHAR(12) CHARACTER SET ASCII)
AS
    DECLARE VARIABLE V_ERRO VARCHAR(500) CHARACTER SET WIN1252;
BEGIN
    RESULTADO = 'OK';
    V_ERRO = NULL;
    IF (EXISTS(SELECT 1 FROM WA_FILA WHERE ID = :P_FILA_ID AND SITUACAO <> 'rascunho')) THEN
    BEGIN
        RESULTADO = 'IGNORADO';
        SUSPEND;
        EXIT;
    END
    BEGIN
        IF (OCTET_LENGTH(P_JSON) > 65536) THEN
            V_ERRO = 'Os dados em JSON têm ' || OCTET_LENGTH(P_JSON) || ' bytes; o máximo é 65536.';
        ELSE
        BEGIN
            UPDATE WA_FILA SET VARIAVEIS = :P_JSON WHERE ID = :P_FILA_ID AND SITUACAO = 'rascunho';
            IF (ROW_COUNT = 0) THEN RESULTADO = 'ERRO';
        END
        WHEN ANY DO
            V_ERRO = 'Os dados em JSON não puderam ser gravados (GDSCODE ' || GDSCODE || ').';
    END
    IF (V_ERRO IS NOT NULL) THEN
    BEGIN
        RESULTADO = 'ERRO';
        UPDATE WA_FILA SET ERRO_ERP = :V_ERRO WHERE ID = :P_FILA_ID AND SITUACAO = 'rascunho';
        WHEN ANY DO RESULTADO = 'ERRO';
    END
    SUSPEND;
END^

GRANT SELECT, DELETE ON WA_ITEM TO PROCEDURE WA_ENFILEIRAR^
GRANT INSERT ON WA_ITEM TO PROCEDURE WA_INCLUIR_ITEM^
GRANT SELECT, UPDATE ON WA_FILA TO PROCEDURE WA_INCLUIR_ITEM^
GRANT SELECT, UPDATE ON WA_FILA TO PROCEDURE WA_INCLUIR_JSON^

GRANT EXECUTE ON PROCEDURE WA_INCLUIR_ITEM TO WA_ERP^
GRANT EXECUTE ON PROCEDURE WA_INCLUIR_JSON TO WA_ERP^
GRANT SELECT, INSERT ON WA_ITEM TO WA_ERP^
GRANT SELECT ON WA_UNICA TO WA_ERP^

GRANT EXECUTE ON PROCEDURE WA_INCLUIR_ITEM TO USER WAGATE^
GRANT EXECUTE ON PROCEDURE WA_INCLUIR_JSON TO USER WAGATE^
GRANT SELECT ON WA_ITEM TO USER WAGATE^
GRANT SELECT, INSERT, UPDATE ON WA_UNICA TO USER WAGATE^

GRANT USAGE ON GENERATOR WA_GEN_ITEM TO TRIGGER WA_ITEM_BI^
