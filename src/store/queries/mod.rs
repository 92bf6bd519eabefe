//! What screens and subcommands ask: answers in the domain's words, read from the derived tables.
//! Nothing here writes.
//! SQL of a question stands next to the type of its answer.
