"""Data sets as companies: what each dirt in them becomes is said in each loader's docstring."""
