//! Claims about admission. `scene` sets up who writes what; `reasons` goes
//! through the reasons one by one; `references` holds the rules on operations;
//! `attacks` throws hostile bytes by the thousand.

mod attacks;
mod reasons;
mod references;
mod scene;
