//! A style sheet from a file and what it imports.

use std::path::Path;

use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};
use lightningcss::targets::{Browsers, Targets};

use crate::Result;

/// Older browsers still get a readable page, with fewer niceties. What these do not know is rewritten for them.
const BROWSERS: Browsers = Browsers {
    android: Some(version(109, 0)),
    chrome: Some(version(109, 0)),
    edge: Some(version(109, 0)),
    firefox: Some(version(115, 0)),
    ie: None,
    ios_saf: Some(version(15, 6)),
    opera: Some(version(95, 0)),
    safari: Some(version(15, 6)),
    samsung: Some(version(21, 0)),
};

/// Bundles, rewrites for [`BROWSERS`] and minifies. Paths in `url()` are kept: write them from the site's root.
pub(crate) fn build(main: &Path) -> Result<String> {
    let provider = FileProvider::new();
    let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
    let mut sheet = bundler
        .bundle(main)
        .map_err(|error| format!("the styles could not be read: {error}"))?;
    let targets = Targets::from(BROWSERS);
    sheet
        .minify(MinifyOptions {
            targets,
            ..MinifyOptions::default()
        })
        .map_err(|error| format!("the styles could not be minified: {error}"))?;
    let printed = sheet
        .to_css(PrinterOptions {
            minify: true,
            targets,
            ..PrinterOptions::default()
        })
        .map_err(|error| format!("the styles could not be written: {error}"))?;
    Ok(printed.code)
}

/// lightningcss keeps a version as 0x00MMmmpp.
const fn version(major: u32, minor: u32) -> u32 {
    major << 16 | minor << 8
}

#[cfg(test)]
mod tests {
    use super::build;

    #[test]
    fn imports_become_one_sheet() {
        let folder = std::env::temp_dir().join(format!("leitnetz-style-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(
            folder.join("main.css"),
            "@import './part.css';\n.a { .b { color: red } }",
        )
        .unwrap();
        std::fs::write(folder.join("part.css"), "/* gone */ .c { color: blue }").unwrap();
        let css = build(&folder.join("main.css"));
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(css.unwrap(), ".c{color:#00f}.a .b{color:red}");
        assert!(build(&folder.join("missing.css")).is_err());
    }
}
