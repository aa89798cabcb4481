//! PDFs, made by the program `leitnetz-pdf` (`server/pdf`): what a text costs there, it costs nobody here.

use std::{
    collections::VecDeque,
    path::PathBuf,
    process::Stdio,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::body::Bytes;
use model::paper::Paper;
use tokio::{io::AsyncWriteExt, process::Command, sync::Semaphore, time::timeout};

/// PDFs made at the same time; more wait.
const AT_ONCE: usize = 2;
/// How long one may take, waiting included. The longest Leitbild that a room holds takes a few seconds.
const PATIENCE: Duration = Duration::from_secs(30);
/// PDFs of published texts that are kept, so that the same one is not made again for each reader.
const KEPT: usize = 16;
/// A larger one is not kept.
const KEPT_MAX_BYTES: usize = 1 << 20;

/// Why there is no PDF; for the log.
#[derive(Debug, thiserror::Error)]
pub enum PdfUnavailable {
    #[error("the program for PDFs is not beside the server's: {0}")]
    NoProgram(PathBuf),
    #[error("the program for PDFs could not be run: {0}")]
    NotRun(#[from] std::io::Error),
    #[error("the text could not be handed on: {0}")]
    Text(#[from] serde_json::Error),
    #[error("the program for PDFs failed: {0}")]
    Failed(String),
    #[error("the PDF took too long")]
    TooSlow,
}

/// The program, and what it has made. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PdfProgram {
    path: PathBuf,
    turns: Arc<Semaphore>,
    kept: Arc<Mutex<VecDeque<(String, Bytes)>>>,
}

impl PdfProgram {
    /// The one that lies beside the running program.
    #[must_use]
    pub fn beside_this() -> Self {
        let folder = std::env::current_exe()
            .ok()
            .and_then(|own| Some(own.parent()?.to_owned()));
        Self {
            path: folder
                .unwrap_or_default()
                .join(format!("leitnetz-pdf{}", std::env::consts::EXE_SUFFIX)),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            kept: Arc::default(),
        }
    }

    /// The PDF of `paper`, whose content `tag` names.
    ///
    /// # Errors
    /// [`PdfUnavailable`].
    pub async fn pdf(&self, paper: &Paper, tag: &str) -> Result<Bytes, PdfUnavailable> {
        if let Some(kept) = self.kept(tag) {
            return Ok(kept);
        }
        let pdf = timeout(PATIENCE, self.make(paper))
            .await
            .map_err(|_| PdfUnavailable::TooSlow)??;
        if !paper.draft && pdf.len() <= KEPT_MAX_BYTES {
            let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            all.truncate(KEPT - 1);
            all.push_front((tag.to_owned(), pdf.clone()));
        }
        Ok(pdf)
    }

    fn kept(&self, tag: &str) -> Option<Bytes> {
        let all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|(kept, _)| kept == tag).map(|(_, pdf)| pdf.clone())
    }

    async fn make(&self, paper: &Paper) -> Result<Bytes, PdfUnavailable> {
        let _turn = self.turns.acquire().await.map_err(|_| PdfUnavailable::TooSlow)?;
        if !self.path.is_file() {
            return Err(PdfUnavailable::NoProgram(self.path.clone()));
        }
        let text = serde_json::to_vec(paper)?;
        let mut child = Command::new(&self.path)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut input = child.stdin.take();
        // Both at once: neither side waits for a full pipe.
        let hand_over = async move {
            if let Some(input) = &mut input {
                input.write_all(&text).await?;
            }
            Ok::<_, std::io::Error>(())
        };
        let (handed, output) = tokio::join!(hand_over, child.wait_with_output());
        let output = output?;
        if !output.status.success() {
            return Err(PdfUnavailable::Failed(
                String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            ));
        }
        handed?;
        Ok(output.stdout.into())
    }
}
