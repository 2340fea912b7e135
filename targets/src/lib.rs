//! Facts about platforms.
