"""The page that tells every figure: Markdown tables in which recipes stand beside each other, so that none is read alone."""
