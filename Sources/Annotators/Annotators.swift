// Annotators
