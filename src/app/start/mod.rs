//! What comes before the desk: first run, signing in, and the screen for a start that failed.
//! Each is a state with its own messages; the window decides what follows.
//! Nothing here knows a screen of the desk.

pub mod broken;
pub mod first_run;
pub mod frame;
pub mod sign_in;
