"""`dev.py bench`: each figure the project promises, beside its floor measured in the same run.

One module per group of figures; `tools.bench.__main__` runs them and `docs/bench.md` explains them. Nothing inside
`integrator/` knows of it: everything is measured from outside, on the product as it is.
"""
