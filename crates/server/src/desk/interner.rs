//! Numbers for things that are named again and again, so that a row holds four bytes for each.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// Gives each different value a number, from 0, and keeps it.
#[derive(Debug)]
pub struct Interner<K> {
    values: Vec<K>,
    numbers: HashMap<K, u32>,
}

impl<K> Default for Interner<K> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            numbers: HashMap::new(),
        }
    }
}

impl<K: Hash + Eq + Clone> Interner<K> {
    /// The number of a value, a new one if it has none.
    pub fn number<Q>(&mut self, value: &Q) -> u32
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned + ?Sized,
        K: From<Q::Owned>,
    {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        // Four billion different values need more memory than any machine this runs on.
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        let value = K::from(value.to_owned());
        self.values.push(value.clone());
        self.numbers.insert(value, number);
        number
    }

    /// The number of a value that already has one.
    pub fn find<Q>(&self, value: &Q) -> Option<u32>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        self.numbers.get(value).copied()
    }

    /// The value behind a number.
    pub fn value(&self, number: u32) -> Option<&K> {
        self.values.get(number as usize)
    }
}
