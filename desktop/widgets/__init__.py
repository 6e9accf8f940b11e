"""One small file a widget, one public verb each."""
