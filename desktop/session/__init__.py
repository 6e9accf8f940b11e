"""The open session: one image, one patient, one batch, and the history behind them. State with signals, no widgets."""
