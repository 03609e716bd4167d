//! Where a request comes from, when a proxy on this machine may have passed it on.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address that wrong codes are counted for. A proxy's word counts only where the operator said
/// that there is one, and only from this machine; of several addresses the last was written by the
/// proxy itself, the others by whoever likes.
pub fn client_address(peer: SocketAddr, headers: &HeaderMap, is_behind_proxy: bool) -> IpAddr {
    let address = peer.ip().to_canonical();
    if !is_behind_proxy || !is_this_machine(peer) {
        return address;
    }
    let lines = headers.get_all(FORWARDED_FOR).iter();
    let last = lines.filter_map(|line| line.to_str().ok()).next_back();
    last.and_then(|line| line.rsplit(',').next()?.trim().parse().ok())
        .unwrap_or(address)
}

/// Whether the other end is on this machine. A socket for both kinds of address tells those of IPv4
/// in a form of its own.
pub fn is_this_machine(peer: SocketAddr) -> bool {
    peer.ip().to_canonical().is_loopback()
}

/// Whether a proxy says that it passed the request on for somebody.
pub fn was_passed_on(headers: &HeaderMap) -> bool {
    [FORWARDED_FOR, "forwarded", "x-real-ip", "via"]
        .iter()
        .any(|name| headers.contains_key(*name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_believed_where_there_is_one_and_only_for_what_it_wrote_itself() {
        let (proxy, phone) = ("127.0.0.1:5", "203.0.113.9:5");
        let cases = [
            (proxy, "198.51.100.1", true, "198.51.100.1"),
            (proxy, "made-up, 198.51.100.1", true, "198.51.100.1"),
            (proxy, "198.51.100.7, 2001:db8::1", true, "2001:db8::1"),
            (proxy, "nonsense", true, "127.0.0.1"),
            (proxy, "198.51.100.1", false, "127.0.0.1"),
            (phone, "198.51.100.1", true, "203.0.113.9"),
            ("[::ffff:127.0.0.1]:5", "198.51.100.1", true, "198.51.100.1"),
            (
                "[::ffff:203.0.113.9]:5",
                "198.51.100.1",
                true,
                "203.0.113.9",
            ),
            ("[::1]:5", "198.51.100.1", true, "198.51.100.1"),
        ];
        for (peer, said, is_behind_proxy, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(FORWARDED_FOR, said.parse().unwrap());
            let address = client_address(peer.parse().unwrap(), &headers, is_behind_proxy);
            assert_eq!(address.to_string(), expected, "{peer} {said}");
        }
    }
}
