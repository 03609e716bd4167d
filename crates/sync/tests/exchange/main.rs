//! Claims about the exchange between phones and an office.

mod claims;
mod office;
mod phone;
mod random;
