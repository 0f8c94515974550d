-- What is known of the people behind phones (WA_CONTATO), and the words of theirs that the program obeys.

-- name: add_contact
-- A row for that phone, if there is none; it may be that another integrator writes it at this moment.
EXECUTE BLOCK (P_FONE VARCHAR(20) CHARACTER SET ASCII = ?) AS
BEGIN
    IF (NOT EXISTS(SELECT 1 FROM WA_CONTATO WHERE TELEFONE = :P_FONE)) THEN
    BEGIN
        INSERT INTO WA_CONTATO (TELEFONE) VALUES (:P_FONE);
        WHEN GDSCODE unique_key_violation DO EXIT;
    END
END

-- name: contacts_known
-- Phones whose people ever wrote; the list of phones is put in by the caller.
SELECT TELEFONE FROM WA_CONTATO WHERE ESCREVEU_EM IS NOT NULL

-- name: contact
SELECT TELEFONE, ESCREVEU_EM, CONVERSA_EM, TERMO_EM, NUMERO_ERRADO_EM, ROBO_EM, RESPOSTA_EM FROM WA_CONTATO
WHERE TELEFONE = ?

-- name: contact_wrote
-- Never backwards: events may be heard again and in any order.
UPDATE WA_CONTATO SET ESCREVEU_EM = ? WHERE TELEFONE = ? AND (ESCREVEU_EM IS NULL OR ESCREVEU_EM < ?)

-- name: contact_talks
UPDATE WA_CONTATO SET CONVERSA_EM = ? WHERE TELEFONE = ? AND (CONVERSA_EM IS NULL OR CONVERSA_EM < ?)

-- name: contact_is_robot
UPDATE WA_CONTATO SET ROBO_EM = ?, CONVERSA_EM = NULL WHERE TELEFONE = ?

-- name: contact_is_wrong
UPDATE WA_CONTATO SET NUMERO_ERRADO_EM = ? WHERE TELEFONE = ?

-- name: contact_term
-- Once in the life of a phone: one row changed means that the term is this caller's to queue.
UPDATE WA_CONTATO SET TERMO_EM = ? WHERE TELEFONE = ? AND TERMO_EM IS NULL

-- name: contact_answer
-- Of all integrators on this queue one answers a message: one row changed means this one.
UPDATE WA_CONTATO SET RESPOSTA_ID = ?, RESPOSTA_EM = ?
WHERE TELEFONE = ? AND (RESPOSTA_ID IS NULL OR RESPOSTA_ID <> ?) AND (RESPOSTA_EM IS NULL OR RESPOSTA_EM <= ?)

-- name: contact_forget
-- What keeps somebody from being written to again stays; when that person wrote does not.
UPDATE WA_CONTATO SET ESCREVEU_EM = NULL, CONVERSA_EM = NULL, ROBO_EM = NULL, RESPOSTA_ID = NULL, RESPOSTA_EM = NULL
WHERE TELEFONE = ?

-- name: wrong_numbers
SELECT TELEFONE, NUMERO_ERRADO_EM FROM WA_CONTATO WHERE NUMERO_ERRADO_EM IS NOT NULL

-- name: answers
-- The register of phones; completed by the caller.
SELECT ID, TELEFONE, FINALIDADE, ACEITA, QUANDO, CAST(ORIGEM AS VARCHAR(200) CHARACTER SET OCTETS), MENSAGEM_ID
FROM WA_CONSENTIMENTO

-- name: add_word
-- What a person answered by WhatsApp, once for each message.
INSERT INTO WA_CONSENTIMENTO (TELEFONE, FINALIDADE, ACEITA, QUANDO, ORIGEM, MENSAGEM_ID) VALUES (?, ?, ?, ?, ?, ?)

-- name: phone_is_known
-- Whether this queue ever wrote to that phone, or holds an answer of it.
SELECT FIRST 1 1 FROM RDB$DATABASE WHERE EXISTS(SELECT 1 FROM WA_FILA WHERE DESTINO = ?)
    OR EXISTS(SELECT 1 FROM WA_CONSENTIMENTO WHERE TELEFONE = ?)

-- name: term_sent
-- The purposes (ETAPA) of a term that left to that phone since a moment.
SELECT FIRST 1 CAST(ETAPA AS VARCHAR(60) CHARACTER SET OCTETS) FROM WA_FILA
WHERE DESTINO = ? AND MODULO = 'INTEGRADOR' AND TIPO = 'TERMO DE CONSENTIMENTO' AND ENVIADA_EM >= ?
ORDER BY ENVIADA_EM DESC

-- name: enqueue_term
-- The consent term, through the procedure that ERPs use. ACEITA_RECEBER is S because the term may go to whoever has said
-- nothing yet; a recorded no stops it also on its way.
SELECT ID, RESULTADO FROM WA_ENFILEIRAR(?, 'INTEGRADOR', 'TERMO DE CONSENTIMENTO', ?, ?, ?, 'S', ?, ?, NULL, NULL, NULL, NULL,
    NULL, NULL, NULL, NULL, 7, NULL, ?, 'N', ?, ?, 'termo', ?, ?)

-- name: held_for_consent
-- Rows held because nobody had said yes, still young enough to make sense, whose typed phones may be that one.
SELECT ID, CAST(CHAVE AS VARCHAR(120) CHARACTER SET OCTETS), CAST(TELEFONE AS VARCHAR(200) CHARACTER SET OCTETS), FINALIDADE
FROM WA_FILA WHERE SITUACAO = 'retida' AND MOTIVO_CODIGO = 'consentimento' AND CRIADO_EM >= ?
    AND (EXPIRA_EM IS NULL OR EXPIRA_EM > ?) AND
    REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(CAST(TELEFONE AS VARCHAR(200) CHARACTER SET OCTETS),
    x'20', ''), x'A0', ''), x'28', ''), x'29', ''), x'2D', ''), x'2E', ''), x'2F', ''), x'2B', '')
    CONTAINING CAST(? AS VARCHAR(20) CHARACTER SET OCTETS)
ORDER BY ID

-- name: terms_waiting
-- The keys of consent terms of a phone that have not left.
SELECT CAST(CHAVE AS VARCHAR(120) CHARACTER SET OCTETS) FROM WA_FILA
WHERE CHAVE STARTING WITH CAST(? AS VARCHAR(120) CHARACTER SET WIN1252)
    AND SITUACAO IN ('rascunho', 'aguardando_confirmacao', 'pendente', 'retida')

-- name: cancel_term
SELECT RESULTADO FROM WA_CANCELAR(?, ?)

-- name: contact_term_back
UPDATE WA_CONTATO SET TERMO_EM = NULL WHERE TELEFONE = ?

-- name: terms_before
SELECT COUNT(*) FROM WA_FILA WHERE CHAVE STARTING WITH CAST(? AS VARCHAR(120) CHARACTER SET WIN1252)

-- name: new_records
SELECT FIRST 200 ID, CAST(TELEFONE AS VARCHAR(200) CHARACTER SET OCTETS), CAST(NOME AS VARCHAR(120) CHARACTER SET OCTETS),
    CAST(CODIGO AS VARCHAR(30) CHARACTER SET OCTETS), CAST(EMPRESA AS VARCHAR(20) CHARACTER SET OCTETS), CRIADO_EM
FROM WA_CADASTRO ORDER BY ID

-- name: drop_new_record
DELETE FROM WA_CADASTRO WHERE ID = ?
