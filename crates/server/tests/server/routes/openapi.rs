//! `GET /api/openapi.json`

use crate::support::TestOffice;

#[test]
fn every_route_is_described() {
    let office = TestOffice::start();
    let (status, answer) = office.get("/api/openapi.json", None);
    assert_eq!(status, 200);
    let paths = answer["paths"].as_object().unwrap();
    let router = include_str!("../../../src/api/mod.rs");
    let routes: Vec<&str> = router
        .split(".route(\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(routes.len() > 10);
    for route in routes {
        assert!(paths.contains_key(route), "{route} is not described");
    }
}
