//! The program as it runs on somebody's machine: its log, its worker, its doctor, its end.

mod doctor;
mod logs;
mod support;
mod worker;
