//! One operation of the control API: its route, and its description for OpenAPI. There is
//! no way to have the one without the other.

use std::sync::Arc;

use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::shared::Shared;

/// Writes the schema of a type, and of those that it refers to.
pub(super) type Describe = fn(&mut SchemaGenerator) -> Schema;

/// An operation (OpenAPI 3.1 section 4.8.10).
pub(super) struct Operation {
    /// The method as OpenAPI writes it: in lower case.
    pub(super) method: &'static str,
    /// The path below `/sandbox/v1`.
    pub(super) path: &'static str,
    /// Names the operation, for programs that make a client out of the document.
    pub(super) id: &'static str,
    /// What it does, in a line.
    pub(super) summary: &'static str,
    /// What else there is to say.
    pub(super) about: Option<&'static str>,
    /// Each `{parameter}` of the path: its name, its type, what it is.
    pub(super) at: Vec<(&'static str, Describe, &'static str)>,
    /// The query, as an object with a property for each parameter.
    pub(super) query: Option<Describe>,
    /// Whether the header `Switchback-Misbehave` means something here.
    pub(super) misbehaves: bool,
    /// The body, and whether there must be one.
    pub(super) takes: Option<(Describe, bool)>,
    /// Each answer: its status, what it says, the media type, the schema.
    pub(super) answers: Vec<(u16, &'static str, &'static str, Describe)>,
    /// Each refusal: its status, its error code, when.
    pub(super) refusals: Vec<(u16, &'static str, &'static str)>,
    route: MethodRouter<Arc<Shared>>,
}

/// Makes the function for the operations of a method.
macro_rules! method {
    ($name:ident, $filter:ident) => {
        pub(super) fn $name<H: Handler<T, Arc<Shared>>, T: 'static>(
            path: &'static str,
            handler: H,
            id: &'static str,
            summary: &'static str,
        ) -> Operation {
            let route = on(MethodFilter::$filter, handler);
            Operation::new(stringify!($name), path, id, summary, route)
        }
    };
}

method!(get, GET);
method!(post, POST);
method!(put, PUT);
method!(delete, DELETE);

impl Operation {
    fn new(
        method: &'static str,
        path: &'static str,
        id: &'static str,
        summary: &'static str,
        route: MethodRouter<Arc<Shared>>,
    ) -> Self {
        let operation = Operation {
            method,
            path,
            id,
            summary,
            about: None,
            at: Vec::new(),
            query: None,
            misbehaves: false,
            takes: None,
            answers: Vec::new(),
            refusals: Vec::new(),
            route,
        };
        match method {
            "get" => operation,
            // All other methods change the sandbox.
            _ => operation.refuses(403, "cross_site", "another web page asks for it"),
        }
    }

    /// What else there is to say.
    pub(super) fn about(mut self, words: &'static str) -> Self {
        self.about = Some(words);
        self
    }

    /// A parameter of the path.
    pub(super) fn at<T: JsonSchema>(mut self, name: &'static str, words: &'static str) -> Self {
        self.at.push((name, |g| g.subschema_for::<T>(), words));
        self
    }

    /// The query: each field of the type is a parameter, and may be left out.
    pub(super) fn asks<T: JsonSchema>(mut self) -> Self {
        self.query = Some(T::json_schema);
        self.refuses(400, "invalid_request", "the query is not as it is here")
    }

    /// The header `Switchback-Misbehave`.
    pub(super) fn misbehaves(mut self) -> Self {
        self.misbehaves = true;
        self
    }

    /// The body that there must be.
    pub(super) fn takes<T: JsonSchema>(self) -> Self {
        self.body::<T>(true)
    }

    /// The body that there may be.
    pub(super) fn may_take<T: JsonSchema>(self) -> Self {
        self.body::<T>(false)
    }

    fn body<T: JsonSchema>(mut self, must: bool) -> Self {
        self.takes = Some((|g| g.subschema_for::<T>(), must));
        self.refuses(400, "invalid_request", "the body is not as it is here")
            .refuses(413, "too_large", "the body is longer than 64 KiB")
    }

    /// The good answer.
    pub(super) fn gives<T: JsonSchema>(self, words: &'static str) -> Self {
        self.answers::<T>(200, words)
    }

    /// An answer as JSON.
    pub(super) fn answers<T: JsonSchema>(self, status: u16, words: &'static str) -> Self {
        self.answers_as::<T>(status, "application/json", words)
    }

    /// An answer of another media type.
    pub(super) fn answers_as<T: JsonSchema>(
        mut self,
        status: u16,
        kind: &'static str,
        words: &'static str,
    ) -> Self {
        let schema: Describe = |g| g.subschema_for::<T>();
        self.answers.push((status, words, kind, schema));
        self
    }

    /// A refusal.
    pub(super) fn refuses(mut self, status: u16, error: &'static str, when: &'static str) -> Self {
        self.refusals.push((status, error, when));
        self
    }

    /// The route.
    pub(super) fn into_route(self) -> (&'static str, MethodRouter<Arc<Shared>>) {
        (self.path, self.route)
    }
}
