"""Clientes: who accepts to receive what, one person's data, many answers at once, the register's health, the poster."""
