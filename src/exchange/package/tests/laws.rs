//! The laws of the journal with packages between the offices.
