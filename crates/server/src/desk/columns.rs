//! Visits by column: a filter reads one field of every row and touches nothing else, and no row
//! holds a pointer.
//!
//! Belongs here: how the columns are kept. Does not belong here: what a field means (`rows`).

/// A row type and its columns: `Rows of Row { field: type, … }`.
macro_rules! columns {
    (
        $(#[$rows_doc:meta])* $rows:ident of
        $(#[$row_doc:meta])* $row:ident { $($(#[$doc:meta])* $field:ident: $type:ty,)* }
    ) => {
        $(#[$row_doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $row { $($(#[$doc])* pub $field: $type,)* }

        $(#[$rows_doc])*
        #[derive(Default)]
        pub struct $rows { $($(#[$doc])* pub $field: Vec<$type>,)* }

        impl $rows {
            /// Adds a row at the end.
            pub fn push(&mut self, row: $row) {
                $(self.$field.push(row.$field);)*
            }

            /// The row at a place.
            pub fn get(&self, place: u32) -> Option<$row> {
                let place = place as usize;
                Some($row { $($field: *self.$field.get(place)?,)* })
            }

            /// Puts a row in another's place.
            pub fn set(&mut self, place: u32, row: $row) {
                let place = place as usize;
                $(if let Some(field) = self.$field.get_mut(place) { *field = row.$field; })*
            }

            /// Brings the rows into another order: `order` names the places that they have now.
            pub fn reorder(&mut self, order: &[u32]) {
                $(self.$field = order.iter().map(|place| self.$field[*place as usize]).collect();)*
            }
        }
    };
}

pub(super) use columns;
