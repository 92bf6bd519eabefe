//! Which values are sealed: telephone and identity numbers of persons, in a firm's fields, in forms, in the tables made of them.

use super::Sort;
use crate::domain::filing;
use crate::domain::firm::{self, Shape};
use crate::domain::program::{ColumnSource, Field, FieldKind, Program, ShortlistColumn};

/// What sort a field of a firm is sealed as. `None`: it stays in the clear.
pub fn firm_sort(key: &str) -> Option<Sort> {
    match firm::fields::find(key)?.shape {
        Shape::Phone => Some(Sort::Phone),
        Shape::ResidentId => Some(Sort::ResidentId),
        _ => None,
    }
}

/// The same of a form's field, by its kind.
pub fn kind_sort(kind: &FieldKind) -> Option<Sort> {
    match kind {
        FieldKind::Phone => Some(Sort::Phone),
        FieldKind::ResidentId => Some(Sort::ResidentId),
        _ => None,
    }
}

/// The same of a field of a filing, by its whole key (`form.phone`). A policy version that is not known here is taken to
/// mean by an id what any version of any of the programs means.
pub fn form_sort<'p>(
    key: &str,
    version: Option<&[Field]>,
    programs: impl Iterator<Item = &'p Program>,
) -> Option<Sort> {
    let id = key.strip_prefix(filing::key::FORM)?;
    let among = |form: &[Field]| form.iter().find(|field| field.id == id).and_then(|field| kind_sort(&field.kind));
    match version {
        Some(form) => among(form),
        None => programs.flat_map(|program| &program.versions).find_map(|version| among(&version.form)),
    }
}

/// The same of a column of a program's shortlist.
pub fn column_sort(column: &ShortlistColumn, program: &Program) -> Option<Sort> {
    match &column.source {
        ColumnSource::Firm(key) => firm_sort(key),
        ColumnSource::Form(id) => program
            .versions
            .iter()
            .find_map(|version| version.form.iter().find(|field| field.id == *id))
            .and_then(|field| kind_sort(&field.kind)),
        _ => None,
    }
}
