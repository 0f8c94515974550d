"""What a customer receives besides the text: boletos, statements and checked files, and the digits behind them.

Everything here is a pure function of its arguments (no clock, no network); only ``files`` reads the disk.
Heavy libraries (reportlab, segno, pypdfium2, Pillow) are imported when first needed.
"""
