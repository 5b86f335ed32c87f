//! The whole service from outside: the real program as processes, on SQLite alone, and on PostgreSQL and
//! Redis with two processes that answer and two that do jobs.

mod client;
mod defects;
mod faults;
mod program;
mod raw;
mod system;
mod table;
mod walk;
