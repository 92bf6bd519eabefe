//! People at the window: whole journeys through the screens on a real database, and the shell around them.
//! A [`Headless`] window stands in for screen and hand; nothing else is stood in for.
//! What single widgets do is tested on their own floor.

mod accounts;
mod backups;
mod data;
mod desk;
mod filings;
mod firms;
mod frames;
mod haste;
mod import;
mod joining;
mod journey;
mod log;
mod packages;
mod printing;
mod review;
mod road;
mod roles;
mod sealing;
mod settings;
mod shortlist;
pub(in crate::app) mod support;
mod workbench;
