//! Claims about the exchange between phones and an office.

mod claims;
mod cuts;
mod office;
mod phone;
mod random;
mod repair;
mod restored_office;
mod shelf;
mod story;
mod tray;
mod versions;
