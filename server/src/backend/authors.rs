//! Who wrote what.

use app::{
    backend::{Answer, Authors, Visitor},
    views::Author,
};
use model::ags::Ags;

use super::{SiteBackend, access::require_reader, unavailable};

impl Authors for SiteBackend {
    fn authors<'a>(&'a self, visitor: &'a Visitor, ags: &'a Ags) -> Answer<'a, Vec<Author>> {
        Box::pin(async move {
            require_reader(&self.site, visitor, ags).await?;
            let authors = self.site.store().authors(ags).await;
            let authors = authors.map_err(|error| unavailable(&error))?;
            Ok(authors
                .into_iter()
                .map(|author| Author {
                    name: Some(author.name).filter(|name| !name.is_empty()),
                    color: author.color,
                    role: author.role,
                    sector: author.sector,
                    clients: author.clients,
                })
                .collect())
        })
    }
}
