//! One file for each route.

mod desk_directory;
mod desk_doors;
mod desk_numbers;
mod desk_phones;
mod desk_tray;
mod desk_visits;
mod device_last;
mod enrol;
mod files;
mod healthz;
mod live;
mod metrics;
mod openapi;
mod persons_phone;
mod readyz;
mod rescue;
mod sync;
