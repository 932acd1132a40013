use crate::process::Failure;
use clap::Args;
#[derive(Args)]
pub(super) struct Calls {}
pub(super) fn run_all(_: &Calls) -> Result<(), Failure> {
    Ok(())
}
