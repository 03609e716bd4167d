//! Every path that is no route: the web app.

use crate::support::{TestOffice, agent, code_of};

fn fetch(
    office: &TestOffice,
    path: &str,
    headers: &[(&str, &str)],
) -> (u16, ureq::http::HeaderMap, Vec<u8>) {
    let mut request = agent().get(format!("{}{path}", office.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut response = request.call().unwrap();
    let body = response.body_mut().read_to_vec().unwrap();
    (response.status().as_u16(), response.headers().clone(), body)
}

#[test]
fn deep_links_open_the_app_and_missing_files_do_not() {
    let office = TestOffice::start();
    for path in [
        "/",
        "/visit/0190b5a0-0000-7000-8000-000000000001",
        "/b/3",
        "/b/%E7%94%B2",
    ] {
        let (status, headers, body) = fetch(&office, path, &[]);
        assert_eq!(
            (status, headers["cache-control"].to_str().unwrap()),
            (200, "no-cache"),
            "{path}"
        );
        assert!(String::from_utf8(body).unwrap().contains("楼道"));
    }
    let page = [("accept", "text/html,*/*")];
    assert_eq!(fetch(&office, "/b/3.5", &page).0, 200);
    for gone in ["/assets/gone-1.js", "/gone.svg", "/../Cargo.toml"] {
        assert_eq!(fetch(&office, gone, &[]).0, 404, "{gone}");
    }
    assert_eq!(fetch(&office, "/assets/gone-1.js", &page).0, 404);
    assert_eq!(
        code_of(office.get("/api/nothing", None)),
        (404, "not_found".to_owned())
    );
}

#[test]
fn compressed_twins_are_served_and_hashed_names_kept_for_ever() {
    let office = TestOffice::start();
    let assets = office.web.path().join("assets");
    std::fs::create_dir(&assets).unwrap();
    std::fs::write(assets.join("app-1.js"), "plain").unwrap();
    std::fs::write(assets.join("app-1.js.br"), "as brotli").unwrap();
    std::fs::write(assets.join("app-1.js.gz"), "as gzip").unwrap();
    let cases = [
        ("br, gzip", "as brotli", Some("br")),
        ("gzip", "as gzip", Some("gzip")),
        ("identity", "plain", None),
    ];
    for (accept, body, encoding) in cases {
        let (status, headers, found) =
            fetch(&office, "/assets/app-1.js", &[("accept-encoding", accept)]);
        assert_eq!((status, found.as_slice()), (200, body.as_bytes()));
        assert_eq!(
            headers
                .get("content-encoding")
                .map(|value| value.to_str().unwrap()),
            encoding
        );
        assert!(
            headers["cache-control"]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
        assert_eq!(headers["content-type"], "text/javascript; charset=utf-8");
    }
}

#[test]
fn a_file_that_has_not_altered_is_not_sent_again() {
    let office = TestOffice::start();
    let (_, headers, _) = fetch(&office, "/", &[]);
    let tag = headers["etag"].to_str().unwrap();
    let (status, _, body) = fetch(&office, "/", &[("if-none-match", tag)]);
    assert_eq!((status, body.len()), (304, 0));
}

#[test]
fn every_answer_carries_the_headers_that_keep_strangers_out() {
    let office = TestOffice::start();
    for path in ["/", "/api/desk/numbers", "/healthz"] {
        let (_, headers, _) = fetch(&office, path, &[]);
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(headers["cross-origin-resource-policy"], "same-origin");
        // What the API answers is no page.
        if path.starts_with("/api/") {
            assert_eq!(headers["cache-control"], "no-store");
            continue;
        }
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("unsafe-inline"),
            "{path}"
        );
        assert_eq!(headers["referrer-policy"], "no-referrer");
        assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
    }
}
