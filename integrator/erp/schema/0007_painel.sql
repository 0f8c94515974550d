-- O que as páginas do painel perguntam ao histórico sem ler a fila inteira.

-- Quando a mensagem saiu; de uma que falhou ou ficou incerta, que não tem hora de saída, quando isso se soube. Vazio
-- enquanto ela espera.
ALTER TABLE WA_FILA ADD SAIU_EM COMPUTED BY (CASE WHEN ENVIADA_EM IS NOT NULL THEN ENVIADA_EM
    WHEN SITUACAO IN ('enviada', 'entregue', 'lida', 'falhou', 'incerta') THEN ATUALIZADO_EM END)^

CREATE DESCENDING INDEX WA_I_FILA_SAIU ON WA_FILA COMPUTED BY (SAIU_EM)^
CREATE DESCENDING INDEX WA_I_FILA_NOVAS ON WA_FILA (ID)^
CREATE INDEX WA_I_FILA_DESTINO ON WA_FILA (DESTINO)^
CREATE INDEX WA_I_FILA_TIPO ON WA_FILA (MODULO, TIPO)^
