-- Gatilhos do contrato: ids, GUID, chave derivada, ciclo de vida e auditoria.

CREATE OR ALTER TRIGGER WA_FILA_BI FOR WA_FILA ACTIVE BEFORE INSERT POSITION 0
AS
    DECLARE VARIABLE V_OUTRA INTEGER;
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
        IF (NEW.FINALIDADE = 'cobranca') THEN
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
            IF (NEW.SITUACAO IN ('rascunho', 'reservada', 'retida', 'cancelada', 'expirada')) THEN V_OK = 1;
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
    END
END^

CREATE OR ALTER TRIGGER WA_FILA_AIU FOR WA_FILA ACTIVE AFTER INSERT OR UPDATE POSITION 0
AS
    DECLARE VARIABLE V_DE VARCHAR(22) CHARACTER SET ASCII;
BEGIN
    IF (UPDATING) THEN V_DE = OLD.SITUACAO;
    IF (INSERTING OR OLD.SITUACAO <> NEW.SITUACAO) THEN
        INSERT INTO WA_EVENTO (ID, FILA_ID, CHAVE, QUANDO, ACAO, DE, PARA, QUEM, DETALHE)
        VALUES (GEN_ID(WA_GEN_EVENTO, 1), NEW.ID, NEW.CHAVE, CAST('NOW' AS TIMESTAMP), 'situacao', :V_DE, NEW.SITUACAO,
            COALESCE(NEW.DONO, CURRENT_USER), NEW.MOTIVO);
END^

CREATE OR ALTER TRIGGER WA_VARIAVEL_BI FOR WA_VARIAVEL ACTIVE BEFORE INSERT POSITION 0
AS
BEGIN
    NEW.ID = GEN_ID(WA_GEN_ITEM, 1);
END^

CREATE OR ALTER TRIGGER WA_TITULO_BI FOR WA_TITULO ACTIVE BEFORE INSERT POSITION 0
AS
BEGIN
    NEW.ID = GEN_ID(WA_GEN_ITEM, 1);
    NEW.SITUACAO = LOWER(TRIM(COALESCE(NEW.SITUACAO, 'aberto')));
    NEW.REGISTRADO = UPPER(COALESCE(NEW.REGISTRADO, 'N'));
    NEW.VALOR_ABERTO = COALESCE(NEW.VALOR_ABERTO, NEW.VALOR);
END^

CREATE OR ALTER TRIGGER WA_ANEXO_BI FOR WA_ANEXO ACTIVE BEFORE INSERT POSITION 0
AS
BEGIN
    IF (NEW.ID IS NULL) THEN NEW.ID = GEN_ID(WA_GEN_ITEM, 1);
    NEW.ORDEM = COALESCE(NEW.ORDEM, 1);
END^

CREATE OR ALTER TRIGGER WA_ANEXO_BD FOR WA_ANEXO ACTIVE BEFORE DELETE POSITION 0
AS
    DECLARE VARIABLE V_HERDEIRO INTEGER;
BEGIN
    /* Um conteúdo que serve a várias mensagens passa para a próxima quando a primeira é refeita. */
    IF (OLD.ORIGEM_ID IS NULL) THEN
    BEGIN
        SELECT MIN(ID) FROM WA_ANEXO WHERE ORIGEM_ID = OLD.ID AND FILA_ID <> OLD.FILA_ID INTO :V_HERDEIRO;
        IF (V_HERDEIRO IS NOT NULL) THEN
        BEGIN
            UPDATE WA_ANEXO SET ORIGEM_ID = NULL, CONTEUDO = OLD.CONTEUDO, CAMINHO = COALESCE(CAMINHO, OLD.CAMINHO),
                EXPURGADO_EM = OLD.EXPURGADO_EM WHERE ID = :V_HERDEIRO;
            UPDATE WA_ANEXO SET ORIGEM_ID = :V_HERDEIRO WHERE ORIGEM_ID = OLD.ID;
        END
    END
END^

CREATE OR ALTER TRIGGER WA_PARTE_BI FOR WA_PARTE ACTIVE BEFORE INSERT POSITION 0
AS
BEGIN
    NEW.ID = GEN_ID(WA_GEN_ITEM, 1);
END^

CREATE OR ALTER TRIGGER WA_CONSENTIMENTO_BI FOR WA_CONSENTIMENTO ACTIVE BEFORE INSERT POSITION 0
AS
BEGIN
    NEW.ID = GEN_ID(WA_GEN_ITEM, 1);
    NEW.QUANDO = COALESCE(NEW.QUANDO, CAST('NOW' AS TIMESTAMP));
    NEW.ACEITA = UPPER(NEW.ACEITA);
    NEW.FINALIDADE = LOWER(TRIM(NEW.FINALIDADE));
END^
