//! The web app's files: out of the program itself, or out of a folder while developing.
//!
//! Belongs here: which file answers which path, its compressed twin, its caching. Does not belong
//! here: the headers every answer carries (see `api::headers`).

use std::borrow::Cow;
use std::path::PathBuf;

use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, Response, StatusCode};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use crate::chance::base64url;

/// What Vite built. The folder may be missing, so that the server can be worked on alone.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../web/dist"]
#[allow_missing = true]
struct Built;

/// Where the files come from.
pub struct WebFiles {
    folder: Option<PathBuf>,
}

struct Found {
    bytes: Cow<'static, [u8]>,
    encoding: Option<&'static str>,
}

/// Compressed twins that the build lays beside a file, best first.
const TWINS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

impl WebFiles {
    /// Files of `folder`, or those inside the program.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// Answers one request for a file. A path that names no file and is no asset's is a deep link,
    /// which the app's page answers.
    pub fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response<Body> {
        if method != Method::GET && method != Method::HEAD {
            return plain(StatusCode::METHOD_NOT_ALLOWED, "");
        }
        let header = |name| {
            headers
                .get(name)
                .and_then(|value: &HeaderValue| value.to_str().ok())
                .unwrap_or("")
        };
        let accepted = header(header::ACCEPT_ENCODING);
        let name = path.trim_start_matches('/');
        if let Some(name) = file_name(name)
            && let Some(found) = self.find(name, accepted)
        {
            return file_answer(name, found, headers);
        }
        // A link may end in 3.5 or 甲; what a script or a style sheet asks for is never a link.
        let has_extension = name.rsplit('/').next().unwrap_or(name).contains('.');
        let is_link = !name.starts_with("assets/")
            && (!has_extension || header(header::ACCEPT).contains("text/html"));
        match self.find("index.html", accepted) {
            Some(page) if is_link => file_answer("index.html", page, headers),
            None if is_link => plain(
                StatusCode::NOT_FOUND,
                "网页还没有构建（web/dist 为空）。 / The web app has not been built (web/dist is empty).",
            ),
            _ => plain(StatusCode::NOT_FOUND, ""),
        }
    }

    fn find(&self, name: &str, accepted: &str) -> Option<Found> {
        for (encoding, extension) in TWINS {
            if accepts(accepted, encoding)
                && let Some(bytes) = self.read(&format!("{name}.{extension}"))
            {
                return Some(Found {
                    bytes,
                    encoding: Some(encoding),
                });
            }
        }
        self.read(name).map(|bytes| Found {
            bytes,
            encoding: None,
        })
    }

    fn read(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        match &self.folder {
            Some(folder) => std::fs::read(folder.join(name)).ok().map(Cow::Owned),
            None => Built::get(name).map(|file| file.data),
        }
    }
}

/// The file that a path may name: no step upwards, no hidden file, no odd separator. Names of files
/// are plain, so one that is escaped is none.
fn file_name(name: &str) -> Option<&str> {
    let is_plain = |part: &str| !part.starts_with('.') && !part.contains(['\\', '\0', ':', '%']);
    match name {
        "" => Some("index.html"),
        _ => name.split('/').all(is_plain).then_some(name),
    }
}

/// Whether an `Accept-Encoding` value takes this encoding.
pub fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|offer| {
        let mut parts = offer.split(';');
        let is_named = parts
            .next()
            .is_some_and(|name| name.trim().eq_ignore_ascii_case(encoding));
        let is_forbidden = parts.any(|weight| {
            weight
                .trim()
                .strip_prefix("q=")
                .and_then(|value| value.parse::<f32>().ok())
                == Some(0.0)
        });
        is_named && !is_forbidden
    })
}

fn file_answer(name: &str, found: Found, headers: &HeaderMap) -> Response<Body> {
    let tag = format!("\"{}\"", &base64url(&Sha256::digest(&found.bytes))[..16]);
    let known = headers
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let is_same = known.is_some_and(|known| {
        known
            .split(',')
            .any(|one| one.trim().trim_start_matches("W/") == tag)
    });
    let (status, body) = if is_same {
        (StatusCode::NOT_MODIFIED, Body::empty())
    } else {
        (StatusCode::OK, Body::from(found.bytes.into_owned()))
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let answer = response.headers_mut();
    answer.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(name)),
    );
    answer.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(caching(name)),
    );
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answer.insert(header::ETAG, tag);
    }
    if let Some(encoding) = found.encoding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Names under `assets/` carry a hash of their content, so they never change. Everything else is
/// asked again each time, which its tag makes cheap.
fn caching(name: &str) -> &'static str {
    if name.starts_with("assets/") {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_the_folder() {
        for name in [
            "../secret",
            "a/../../b",
            ".env",
            "a/.git/config",
            "a\\b",
            "%2e%2e/x",
            "c:/x",
        ] {
            assert_eq!(file_name(name), None, "{name}");
        }
        assert_eq!(file_name(""), Some("index.html"));
        assert_eq!(file_name("assets/app-1.js"), Some("assets/app-1.js"));
    }

    #[test]
    fn encodings_are_taken_only_when_offered() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=1.0, gzip;q=0.5", "gzip"));
        assert!(!accepts("gzip;q=0, br", "gzip"));
        assert!(!accepts("identity", "br"));
    }
}
