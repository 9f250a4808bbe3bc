"""The language server: the only place that knows LSP. Handlers convert, call a feature, convert back."""
