//! What comes before the desk: first run, signing in, and the screen for a start that failed.
//! Each is a state with its own messages; the window decides what follows.
//! Nothing here knows a screen of the desk.

pub mod broken;
pub mod change;
pub mod first_run;
pub mod frame;
pub mod join;
pub mod key;
pub mod new_password;
pub mod recover;
pub mod sign_in;
