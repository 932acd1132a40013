//! The people in the fake Truid app.

use std::sync::Arc;

use askama::Template;

use super::render;
use crate::Person;
use crate::people::profile::{FIELDS, Field};

#[derive(Template)]
#[template(path = "app/people.html")]
struct List<'a> {
    people: &'a [Arc<Person>],
}

#[derive(Template)]
#[template(path = "app/person.html")]
struct One<'a> {
    person: &'a Person,
    rows: Vec<Row<'a>>,
    changed: bool,
    wrong: usize,
}

/// A field of the form.
struct Row<'a> {
    field: &'static Field,
    value: String,
    wrong: Option<&'a str>,
    /// Whether the browser focuses this field: the first wrong one.
    focus: bool,
}

/// All people.
pub(crate) fn list(people: &[Arc<Person>]) -> String {
    render(&List { people })
}

/// The data of one person in a form, with the mistakes in it.
pub(crate) fn one(person: &Person, wrong: &[(&'static str, String)], changed: bool) -> String {
    let rows = FIELDS.iter().map(|field| Row {
        field,
        value: field.value(person).unwrap_or_default(),
        wrong: wrong
            .iter()
            .find(|(name, _)| *name == field.name)
            .map(|(_, why)| why.as_str()),
        focus: wrong.first().is_some_and(|(name, _)| *name == field.name),
    });
    render(&One {
        person,
        rows: rows.collect(),
        changed,
        wrong: wrong.len(),
    })
}
