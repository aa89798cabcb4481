//! Calling other programs.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Result};

/// Tells the person at the terminal what is being done now.
pub(crate) fn say(sentence: impl std::fmt::Display) {
    eprintln!("==> {sentence}");
}

/// Runs a program whose output the person sees, and fails if it does.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = describe(command);
    let status = command
        .status()
        .map_err(Failure::because(format!("`{line}` could not be started")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Failure::new(format!("`{line}` ended with {status}")))
    }
}

/// Runs a program quietly and returns what it wrote to its standard output, without the last line break.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let line = describe(command);
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(Failure::because(format!("`{line}` could not be started")))?;
    if !output.status.success() {
        let reason = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!(
            "`{line}` ended with {}: {}",
            output.status,
            reason.trim()
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

/// Like [`run`], but the program is stopped when it takes longer than `limit`.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let line = describe(command);
    let mut child = command
        .spawn()
        .map_err(Failure::because(format!("`{line}` could not be started")))?;
    let start = Instant::now();
    loop {
        match child
            .try_wait()
            .map_err(Failure::because(format!("`{line}` could not be watched")))?
        {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(Failure::new(format!("`{line}` ended with {status}"))),
            None if start.elapsed() > limit => {
                // It may have ended this very moment; what counts is that it is gone afterwards.
                let _ = child.kill();
                let _ = child.wait();
                return Err(Failure::new(format!(
                    "`{line}` was stopped after {} s",
                    limit.as_secs()
                )));
            }
            None => std::thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// A command that runs with the rights of root: directly when we have them, otherwise through sudo.
pub(crate) fn as_root(program: impl AsRef<OsStr>) -> Result<Command> {
    if capture(Command::new("id").arg("-u"))? == "0" {
        return Ok(Command::new(program));
    }
    if find("sudo").is_none() {
        let program = program.as_ref().to_string_lossy().into_owned();
        return Err(Failure::new(format!(
            "`{program}` needs root: call this as root, or install sudo."
        )));
    }
    let mut command = Command::new("sudo");
    command.arg(program);
    Ok(command)
}

/// Where a program lies on the search path.
pub(crate) fn find(program: &str) -> Option<std::path::PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
}

/// Makes a folder with its parents, or says which one could not be made.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(Failure::because(format!(
        "the folder {} could not be made",
        folder.display()
    )))
}

fn describe(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}
