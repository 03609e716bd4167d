//! Every store does what every store must do.

use store::{EmbeddedStore, MemoryStore, Store, conformance};

#[test]
fn the_memory_store_keeps_every_claim() {
    conformance::run(|| Box::new(MemoryStore::new()));
}

#[test]
fn the_embedded_store_keeps_every_claim() {
    let folder = tempfile::tempdir().unwrap();
    let numbers = std::cell::Cell::new(0);
    conformance::run(|| -> Box<dyn Store> {
        numbers.set(numbers.get() + 1);
        let own = folder.path().join(numbers.get().to_string());
        Box::new(EmbeddedStore::open(&own, &mut |_| {}).unwrap().0)
    });
}
