//! What people do with 科报, from beginning to end: one file per journey, named after it.

mod office_comes_back_from_its_backup;
mod officer_enters_a_filing;
mod officer_sends_up_a_shortlist;
mod officer_takes_in_a_list;
mod script_does_the_same_jobs;
mod script_seals_the_numbers;
mod support;
