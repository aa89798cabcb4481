//! The command line.

use std::path::PathBuf;

use crate::Result;

/// See the crate's documentation.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// Stem of the script, wasm and style files.
    pub(crate) name: String,
    /// Folder of the hashed files below the site's root.
    pub(crate) package_folder: String,
    /// The wasm as cargo made it.
    pub(crate) wasm: PathBuf,
    /// The style sheet that every page gets.
    pub(crate) style: PathBuf,
    /// The one that pages get besides which are worked on.
    pub(crate) work_style: PathBuf,
    /// Files that are served as they are; the folder may be missing.
    pub(crate) public: PathBuf,
    /// binaryen's `wasm-opt`.
    pub(crate) wasm_opt: PathBuf,
    /// `esbuild`, which makes scripts shorter.
    pub(crate) esbuild: PathBuf,
    /// The site's root, replaced as a whole.
    pub(crate) out: PathBuf,
    /// Functions keep their names, for profiles in the browser.
    pub(crate) names: bool,
}

impl Arguments {
    /// Reads `--key value` and `--key=value`; every key must be given. `--names` has no value and may be missing.
    pub(crate) fn read(arguments: impl Iterator<Item = String>) -> Result<Self> {
        let mut arguments = arguments;
        let mut read = Self::default();
        while let Some(argument) = arguments.next() {
            if argument == "--names" {
                read.names = true;
                continue;
            }
            let (key, value) = match argument.split_once('=') {
                Some((key, value)) => (key.to_owned(), value.to_owned()),
                None => {
                    let value = arguments.next().ok_or_else(|| format!("{argument} needs a value"))?;
                    (argument, value)
                }
            };
            match key.as_str() {
                "--name" => read.name = value,
                "--package-folder" => read.package_folder = value,
                "--wasm" => read.wasm = value.into(),
                "--style" => read.style = value.into(),
                "--work-style" => read.work_style = value.into(),
                "--public" => read.public = value.into(),
                "--wasm-opt" => read.wasm_opt = value.into(),
                "--esbuild" => read.esbuild = value.into(),
                "--out" => read.out = value.into(),
                _ => return Err(format!("there is no option {key}").into()),
            }
        }
        let paths = [
            &read.wasm,
            &read.style,
            &read.work_style,
            &read.public,
            &read.wasm_opt,
            &read.esbuild,
            &read.out,
        ];
        let complete = !read.name.is_empty() && !read.package_folder.is_empty();
        if !complete || paths.iter().any(|path| path.as_os_str().is_empty()) {
            return Err("--name, --package-folder, --wasm, --style, --work-style, --public, --wasm-opt, --esbuild and --out are \
                        all needed"
                .into());
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    fn read(line: &str) -> crate::Result<Arguments> {
        Arguments::read(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn every_option_is_needed() {
        let complete = "--name=a --package-folder pkg --wasm w --style s --work-style t --public p --wasm-opt o --esbuild e --out x";
        let arguments = read(complete).unwrap();
        assert_eq!((arguments.name.as_str(), arguments.out.to_str()), ("a", Some("x")));
        assert!(
            read("--name=a --package-folder pkg --wasm w --style s --work-style t --public p --wasm-opt o --esbuild e")
                .is_err()
        );
        assert!(!arguments.names);
        assert!(read(&format!("{complete} --names")).unwrap().names);
        assert!(read(&format!("{complete} --other 1")).is_err());
        assert!(read(&format!("{complete} --out")).is_err());
    }
}
