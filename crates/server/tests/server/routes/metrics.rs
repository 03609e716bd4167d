//! `GET /metrics`

use server::clock::now_ms;

use crate::support::{TestOffice, agent, code_of, door};

fn measures(office: &TestOffice) -> String {
    let mut answer = agent()
        .get(format!("{}/metrics", office.url))
        .call()
        .unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    answer.body_mut().read_to_string().unwrap()
}

#[test]
fn exchanges_changes_and_the_store_are_counted_and_nobody_is_named() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    let visit = phone.visit(door(0), "楼道堆放杂物");
    phone.exchange(&office);
    phone.exchange(&office);

    let text = measures(&office);
    for line in [
        r#"stairwell_exchanges_total{end="whole"} 2"#,
        r#"stairwell_changes_total{verdict="accepted"} 1"#,
        "stairwell_ready 1",
        "stairwell_tray_waiting 0",
        "stairwell_hung_threads 0",
        "stairwell_intake_seconds_count 2",
    ] {
        assert!(text.lines().any(|said| said == line), "{line} in {text}");
    }
    let value = |name: &str| -> u64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.expect(name).trim().parse().unwrap()
    };
    assert!(value("stairwell_store_journal_bytes ") > 0);
    assert!(value("stairwell_store_syncs_total ") >= value("stairwell_ready "));
    assert!(text.ends_with("# EOF\n"));
    let person = phone.member.person;
    for secret in [
        "陈小满",
        &person.to_string(),
        &phone.member.device.to_string(),
        &visit.to_string(),
    ] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn a_request_that_breaks_off_and_one_that_is_refused_are_counted_as_such() {
    let office = TestOffice::start();
    let mut phone = office.worker("陈小满");
    phone.visit(door(0), "断在路上的记录");
    let body = phone.replica.request(now_ms()).body;
    let half = &body[..body.len() - 4];
    crate::support::send_pack(&office.url, &phone.token, half, "gzip", "br");
    crate::support::send_pack(&office.url, &phone.token, b"not a pack", "identity", "br");
    let text = measures(&office);
    for line in [
        r#"stairwell_exchanges_total{end="broken"} 1"#,
        r#"stairwell_exchanges_total{end="refused"} 1"#,
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[test]
fn what_came_through_a_proxy_is_not_told_the_measures() {
    let office = TestOffice::start();
    for header in ["x-forwarded-for", "forwarded", "x-real-ip", "via"] {
        let mut answer = agent()
            .get(format!("{}/metrics", office.url))
            .header(header, "203.0.113.9")
            .call()
            .unwrap();
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().unwrap();
        let code = code_of((status, serde_json::from_str(&text).unwrap()));
        assert_eq!(code, (403, "only_from_this_machine".to_owned()));
    }
}
