//! [`Operation`]: an operation of the control API, with both its route and its description for
//! OpenAPI, so that each route is described.

use std::sync::Arc;

use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::shared::Shared;

/// Generates the schema of a type, and of the types that it refers to.
pub(super) type Describe = fn(&mut SchemaGenerator) -> Schema;

/// An operation (OpenAPI 3.1 section 4.8.10).
pub(super) struct Operation {
    /// The method in lower case, as in OpenAPI.
    pub(super) method: &'static str,
    /// The path below `/sandbox/v1`.
    pub(super) path: &'static str,
    /// The `operationId`: generated clients use it as the name of a method.
    pub(super) id: &'static str,
    /// The effect, in a line.
    pub(super) summary: &'static str,
    /// The description.
    pub(super) about: Option<&'static str>,
    /// Each `{parameter}` of the path: its name, its type, its description.
    pub(super) at: Vec<(&'static str, Describe, &'static str)>,
    /// The query, as an object with a property for each parameter.
    pub(super) query: Option<Describe>,
    /// Whether the operation accepts the header `Switchback-Misbehave`.
    pub(super) misbehaves: bool,
    /// The body, and whether it is required.
    pub(super) takes: Option<(Describe, bool)>,
    /// Each answer: its status, its description, its media type, its schema.
    pub(super) answers: Vec<(u16, &'static str, &'static str, Describe)>,
    /// Each refusal: its status, its error code, the reason.
    pub(super) refusals: Vec<(u16, &'static str, &'static str)>,
    route: MethodRouter<Arc<Shared>>,
}

/// Defines the constructor for the operations of a method.
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
            _ => operation.refuses(403, "cross_site", "another web page sent the request"),
        }
    }

    /// Sets the description.
    pub(super) fn about(mut self, words: &'static str) -> Self {
        self.about = Some(words);
        self
    }

    /// Adds a parameter of the path.
    pub(super) fn at<T: JsonSchema>(mut self, name: &'static str, words: &'static str) -> Self {
        self.at.push((name, |g| g.subschema_for::<T>(), words));
        self
    }

    /// Sets the query: each field of the type is an optional parameter.
    pub(super) fn asks<T: JsonSchema>(mut self) -> Self {
        self.query = Some(T::json_schema);
        self.refuses(
            400,
            "invalid_request",
            "the query does not match this description",
        )
    }

    /// Accepts the header `Switchback-Misbehave`.
    pub(super) fn misbehaves(mut self) -> Self {
        self.misbehaves = true;
        self
    }

    /// Sets a required body.
    pub(super) fn takes<T: JsonSchema>(self) -> Self {
        self.body::<T>(true)
    }

    /// Sets an optional body.
    pub(super) fn may_take<T: JsonSchema>(self) -> Self {
        self.body::<T>(false)
    }

    fn body<T: JsonSchema>(mut self, required: bool) -> Self {
        self.takes = Some((|g| g.subschema_for::<T>(), required));
        self.refuses(
            400,
            "invalid_request",
            "the body does not match this description",
        )
        .refuses(413, "too_large", "the body is longer than 64 KiB")
    }

    /// Adds an answer 200 as JSON.
    pub(super) fn gives<T: JsonSchema>(self, words: &'static str) -> Self {
        self.answers::<T>(200, words)
    }

    /// Adds an answer as JSON.
    pub(super) fn answers<T: JsonSchema>(self, status: u16, words: &'static str) -> Self {
        self.answers_as::<T>(status, "application/json", words)
    }

    /// Adds an answer of another media type.
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

    /// Adds a refusal.
    pub(super) fn refuses(mut self, status: u16, error: &'static str, when: &'static str) -> Self {
        self.refusals.push((status, error, when));
        self
    }

    /// The path and the route.
    pub(super) fn into_route(self) -> (&'static str, MethodRouter<Arc<Shared>>) {
        (self.path, self.route)
    }
}
