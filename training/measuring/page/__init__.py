"""The page of all figures: Markdown tables with the recipes side by side, so that no figure is read alone."""
