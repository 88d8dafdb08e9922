//! Deployments: the system under test, as its file says.
//!
//! Files in, types out. Which scenarios a deployment unlocks is `facts`; the planted misconfigurations beside it are
//! `variant`. Nothing here connects anywhere. Next stage: `plan`, and `launch` for the servers.

pub mod facts;
pub mod file;
pub mod joined;
pub mod launch_file;
pub mod load;
pub mod settings;

pub use facts::Facts;
pub use load::{Deployment, Variant};
