"""Two invented ERPs that fill no queue: only their profiles, in ``erp/profiles/exemplos``, know how to read them.

"varejo" is a clothes shop on credit (charset NONE, dialect 3, one table of instalments), "oficina" a truck workshop
with two branches (charset WIN1252, dialect 1, headers, instalments and payments apart). Nothing of them is real.
"""
