//! The data that come with the program: the network (facts with sources) and example texts, marked as examples.

use std::collections::BTreeMap;

use model::{
    ags::Ags,
    fact::{Fact, FactKey},
    import::demo::Demo,
    map::MapData,
    municipality::{Kind, Municipality, Regierungsbezirk},
};
use store::Store;

use crate::{
    failure::Failure,
    rooms::{ParticipantId, RoomError, Rooms},
};

const NETWORK: &str = include_str!("../data/network.csv");
const MAP: &str = include_str!("../data/map.json");
const EXAMPLES: [&str; 4] = [
    include_str!("../data/demo/05314-bonn.json"),
    include_str!("../data/demo/05515-muenster.json"),
    include_str!("../data/demo/05566-kreis-steinfurt.json"),
    include_str!("../data/demo/05566028-ibbenbueren.json"),
];
/// The day the example texts count as published.
const EXAMPLES_DATE: &str = "2026-01-15";

/// One row of `network.csv`: a fact with its source, and the place beside it.
#[derive(Debug, serde::Deserialize)]
struct Row {
    ags: String,
    name: String,
    kind: String,
    regierungsbezirk: String,
    key: String,
    value: String,
    source: String,
    date: String,
}

/// The map that comes with the program.
///
/// # Errors
/// [`Failure::ShippedData`].
pub fn map() -> Result<MapData, Failure> {
    serde_json::from_str(MAP).map_err(|error| Failure::ShippedData(error.to_string()))
}

/// Places and facts of the network that comes with the program.
///
/// # Errors
/// [`Failure::ShippedData`] with what is wrong.
pub fn network() -> Result<(Vec<Municipality>, Vec<Fact>), Failure> {
    let mut places = BTreeMap::new();
    let mut facts = Vec::new();
    for row in csv::Reader::from_reader(NETWORK.as_bytes()).deserialize::<Row>() {
        let row = row.map_err(|error| Failure::ShippedData(error.to_string()))?;
        let wrong = |what: &str| Failure::ShippedData(format!("{what} of {}", row.ags));
        let ags = Ags::new(&row.ags).map_err(|_| wrong("key"))?;
        facts.push(Fact {
            ags: ags.clone(),
            key: FactKey::parse(&row.key).ok_or_else(|| wrong("fact"))?,
            value: row.value.clone(),
            source: row.source.clone(),
            date: row.date.clone(),
        });
        let place = Municipality {
            ags: ags.clone(),
            name: row.name.clone(),
            kind: Kind::parse(&row.kind).ok_or_else(|| wrong("kind"))?,
            regierungsbezirk: Regierungsbezirk::parse(&row.regierungsbezirk).ok_or_else(|| wrong("region"))?,
        };
        places.insert(ags, place);
    }
    Ok((places.into_values().collect(), facts))
}

/// Loads the network and the examples into an empty database; leaves any other alone. Answers whether it was empty.
///
/// # Errors
/// What the shipped data, the store or a room say.
pub async fn load(store: &Store, rooms: &Rooms) -> Result<bool, Failure> {
    if !store.members().await?.is_empty() {
        return Ok(false);
    }
    let (places, facts) = network()?;
    store.put_facts(&facts).await?;
    for text in EXAMPLES {
        let example: Demo = serde_json::from_str(text).map_err(|error| Failure::ShippedData(error.to_string()))?;
        store.put_facts(&example.facts()).await?;
        match rooms
            .fill(&example.ags, example.leitbild, ParticipantId("import".to_owned()))
            .await
        {
            // A draft that is there already comes from a start that was cut off before the places were written.
            Ok(()) | Err(RoomError::NotEmpty) => {}
            Err(error) => return Err(Failure::Other(error.to_string())),
        }
        if example.publish && store.published(&example.ags).await?.is_none() {
            let leitbild = rooms
                .leitbild(&example.ags)
                .await
                .map_err(|error| Failure::Other(error.to_string()))?;
            store.publish(&example.ags, &leitbild, EXAMPLES_DATE).await?;
        }
    }
    // The places last: their presence says that everything before is complete.
    store.put_municipalities(&places).await?;
    Ok(true)
}
