"""The shop itself and the people who use its ERP. Invented: no such firm, and its addresses end in ``.example``."""

from __future__ import annotations

from integrator.demo.sample_erp.people import cnpj

LEGAL_NAME = "Casa Pinhão Azul Materiais de Construção Ltda"
TRADE_NAME = "Casa Pinhão Azul"
CNPJ = cnpj("98765432")
STREET = "Rua das Araucárias, 1450"
DISTRICT = "Centro"
CITY = "Concórdia"
STATE = "SC"
POSTAL_CODE = "89700-000"
PHONE = "(49) 3442-0100"
MOBILE = "(49) 98800-0100"
EMAIL = "contato@casapinhaoazul.example"

USERS = ((1, "ADMIN", "Administrador"), (2, "JOSIANE", "Josiane (caixa)"), (3, "CLÁUDIO", "Cláudio (crediário)"))
