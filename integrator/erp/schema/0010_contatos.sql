-- O que se sabe de cada telefone que já escreveu para a loja, ou a quem se pediu consentimento, e o número da mensagem em que
-- uma resposta foi dada.

-- Uma linha por telefone (E.164, só dígitos, celular com o nono dígito). ESCREVEU_EM: quando a pessoa escreveu pela última vez;
-- CONVERSA_EM: idem, sem contar as palavras que o programa obedece e o que robôs escrevem. TERMO_EM: quando o termo de consentimento
-- entrou na fila, uma vez só. RESPOSTA_ID e RESPOSTA_EM: a última mensagem da pessoa que teve resposta automática.
CREATE TABLE WA_CONTATO (
    TELEFONE VARCHAR(20) CHARACTER SET ASCII NOT NULL,
    ESCREVEU_EM TIMESTAMP,
    CONVERSA_EM TIMESTAMP,
    TERMO_EM TIMESTAMP,
    NUMERO_ERRADO_EM TIMESTAMP,
    ROBO_EM TIMESTAMP,
    RESPOSTA_ID VARCHAR(120) CHARACTER SET ASCII,
    RESPOSTA_EM TIMESTAMP,
    CONSTRAINT WA_PK_CONTATO PRIMARY KEY (TELEFONE)
)^

ALTER TABLE WA_CONSENTIMENTO ADD MENSAGEM_ID VARCHAR(120) CHARACTER SET ASCII^

GRANT SELECT ON WA_CONTATO TO WA_ERP^
GRANT SELECT, INSERT, UPDATE ON WA_CONTATO TO USER WAGATE^

-- Por ele o Integrador percebe que o banco voltou a uma cópia mais antiga.
GRANT USAGE ON GENERATOR WA_GEN_ITEM TO USER WAGATE^
