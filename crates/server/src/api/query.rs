//! Reading the filters of desk routes: an empty value is no filter, an unreadable one is an error.

use std::str::FromStr;

use axum::extract::FromRequestParts;
use axum::extract::Query;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::desk::Page;
use crate::refusal::{self, Refusal};

/// Rows a page holds at most.
const LIMIT_MAX: usize = 200;
/// Rows a page holds when nothing is said.
const LIMIT_USUAL: usize = 50;

/// The query string as `T`; refused in words where axum's own answer is not for people.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|Query(asked)| Self(asked))
            .map_err(|_| refusal::BAD_REQUEST)
    }
}

/// A text filter.
pub fn text(value: Option<String>) -> Option<String> {
    value.filter(|value| !value.is_empty())
}

/// A filter that is an id, a number or the like.
pub fn parsed<T: FromStr>(value: Option<&String>) -> Result<Option<T>, Refusal> {
    match value.map(String::as_str) {
        None | Some("") => Ok(None),
        Some(value) => value.parse().map(Some).map_err(|_| refusal::BAD_REQUEST),
    }
}

/// The page asked for.
pub fn page(offset: Option<&String>, limit: Option<&String>) -> Result<Page, Refusal> {
    let offset = parsed::<usize>(offset)?.unwrap_or(0);
    let limit = parsed::<usize>(limit)?
        .unwrap_or(LIMIT_USUAL)
        .min(LIMIT_MAX);
    Ok(Page { offset, limit })
}
