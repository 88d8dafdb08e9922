//! `gauntlet explain`: a scenario's plan, as bytes.

use std::io::Write;

use clap::Args;
use mtls_gauntlet::baseline::Exit;
use mtls_gauntlet::catalogue;
use mtls_gauntlet::run;

use super::CommandError;

/// Which scenario, for which deployment.
#[derive(Debug, Clone, Args)]
pub(super) struct ExplainArguments {
    /// A scenario's id, or the path of a scenario file.
    id: String,
    /// The deployment that it is planned for.
    #[arg(long, default_value = "embedded")]
    deployment: String,
    /// Seed of the plan.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl ExplainArguments {
    /// Prints the plan.
    pub(super) fn obey(&self, out: &mut dyn Write) -> Result<Exit, CommandError> {
        let scenario = catalogue::scenario(&self.id)?;
        let deployment = catalogue::deployment(&self.deployment)?;
        let text =
            run::explain(&deployment, &scenario, self.seed, super::run::now()).map_err(CommandError::Run)?;
        out.write_all(text.as_bytes())?;
        Ok(Exit::Fine)
    }
}
