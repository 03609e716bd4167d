//! Claims about admission. `scene` sets up who writes what; `reasons` goes
//! through the reasons one by one; `references` holds the rules on operations;
//! `attacks` throws hostile bytes by the thousand; `plain` holds the short way to
//! what the long way says.

mod attacks;
mod plain;
mod reasons;
mod references;
mod scene;
