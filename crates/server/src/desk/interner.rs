//! Numbers for ids that are named again and again, so that a row holds four bytes for each.

use std::hash::{BuildHasher, Hash, RandomState};

use hashbrown::HashTable;

/// Gives each different id a number, from 0, and keeps it. The table holds numbers only: each id
/// is in memory once.
pub struct Interner<K> {
    values: Vec<K>,
    numbers: HashTable<u32>,
    hasher: RandomState,
}

impl<K> Default for Interner<K> {
    fn default() -> Self {
        Self {
            values: Vec::new(),
            numbers: HashTable::new(),
            hasher: RandomState::new(),
        }
    }
}

impl<K: Hash + Eq + Copy> Interner<K> {
    /// The number of a value, a new one if it has none.
    pub fn number(&mut self, value: &K) -> u32 {
        if let Some(number) = self.find(value) {
            return number;
        }
        let Self {
            values,
            numbers,
            hasher,
        } = self;
        // Four billion different values need more memory than any machine this runs on.
        let number = u32::try_from(values.len()).unwrap_or(u32::MAX);
        values.push(*value);
        numbers.insert_unique(hasher.hash_one(value), number, |number| {
            hasher.hash_one(values[*number as usize])
        });
        number
    }

    /// The number of a value that already has one.
    pub fn find(&self, value: &K) -> Option<u32> {
        let hash = self.hasher.hash_one(value);
        let is_it = |number: &u32| self.values[*number as usize] == *value;
        self.numbers.find(hash, is_it).copied()
    }

    /// The value behind a number.
    pub fn value(&self, number: u32) -> Option<&K> {
        self.values.get(number as usize)
    }

    /// Every value, by number.
    pub fn values(&self) -> &[K] {
        &self.values
    }
}
