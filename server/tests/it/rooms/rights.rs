//! Who may do what: walks the table of `docs/rights.md` over HTTP and over open connections.

use axum::http::header;
use model::{role::Role, wire::close};

use super::{
    client::Client,
    line::{Events, Line},
};
use crate::harness::{Answer, ORIGIN, TestSite};

const TABLE: &str = include_str!("../../../../docs/rights.md");
/// Has a draft in the demonstration, and a published text after [`Hall::new`].
const AGS: &str = "05566";
const NOBODY: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaa";

struct Hall {
    site: TestSite,
    coordinator: String,
    /// A cookie and the link's id for each role.
    people: Vec<(Role, String, String)>,
}

/// One row of the table: the call, and who may.
struct Row {
    call: String,
    cells: Vec<(String, bool)>,
}

impl Hall {
    async fn new() -> Self {
        let site = TestSite::new().await;
        let coordinator = site.coordinator().await;
        let mut people = Vec::new();
        for role in Role::ALL {
            let (secret, link) = site.link(&coordinator, AGS, role.as_str()).await;
            people.push((role, site.participant(&secret, "Ada").await, link));
        }
        let hall = Self {
            site,
            coordinator,
            people,
        };
        let form = format!("ags={AGS}");
        let published = hall
            .site
            .post("/api/publish_leitbild", Some(&hall.coordinator), &form)
            .await;
        assert!(published.status.is_success(), "{}", published.body);
        hall
    }

    fn cookie(&self, who: &str) -> Option<&str> {
        match who {
            "stranger" => None,
            "coordinator" => Some(&self.coordinator),
            role => {
                let found = self.people.iter().find(|(other, ..)| other.as_str() == role);
                Some(&found.unwrap_or_else(|| panic!("there is no role {role}")).1)
            }
        }
    }

    async fn connect(&self, cookie: Option<&str>) -> Result<Line, u16> {
        let mut headers = vec![(header::ORIGIN, ORIGIN.to_owned())];
        headers.extend(cookie.map(|cookie| (header::COOKIE, cookie.to_owned())));
        let events = Events::open(self.site.site.router(), AGS, "", headers).await?;
        Ok(Line::Events(Box::new(events)))
    }

    /// Did the server let this person? What is asked is wrong in itself where it would change something, so that the rows do
    /// not disturb each other: then a person who may hears what is wrong, and another that they may not.
    async fn may(&self, call: &str, cookie: Option<&str>) -> bool {
        let get = async |path: String| let_in(&self.site.get(&path, cookie).await);
        let post = async |form: &str| let_in(&self.site.post(&format!("/api/{call}"), cookie, form).await);
        match call {
            "show_profile" | "list_authors" | "list_threads" | "show_versions" => {
                get(format!("/api/{call}?ags={AGS}")).await
            }
            "show_take_over" => get(format!("/api/{call}?ags={AGS}")).await,
            "show_former" => get(format!("/api/{call}?ags={AGS}&number=77")).await,
            "compare_states" => get(format!("/api/{call}?ags={AGS}&against=jetzt")).await,
            "list_choices" => get(format!("/api/{call}")).await,
            "export_published" => get(format!("/kommune/{AGS}/leitbild.json")).await,
            "export_draft" => {
                let answer = self
                    .site
                    .get(&format!("/kommune/{AGS}/leitbild/entwurf.json"), cookie)
                    .await;
                answer.status.is_success()
            }
            "open_editor" => {
                let answer = self.site.get(&format!("/api/{call}?ags={AGS}"), cookie).await;
                answer.open::<app::views::EditorPage>().draft.is_some()
            }
            "connect" => self.connect(cookie).await.is_ok(),
            "write" => match self.connect(cookie).await {
                Ok(line) => writes(line).await,
                Err(_) => false,
            },
            "search_network" => post(&format!("ags={AGS}&text=Kinder")).await,
            "carry_out" => post(&format!("ags={AGS}&kind=talk&key=k&body={}", deed())).await,
            "decide_suggestion" => post(&format!("ags={AGS}&thread={NOBODY}&decision=reject&reason=x")).await,
            "set_person_role" => post(&format!("ags={AGS}&participant={NOBODY}&role=suggest")).await,
            "name_version" => post(&format!("ags={AGS}&name=")).await,
            "restore_version" => post(&format!("ags={AGS}&state=999999")).await,
            "move_stage" => post(&format!("ags={AGS}&from=draft&to=superseded")).await,
            "record_decision" => post(&format!("ags={AGS}&from=draft&decision[body]=")).await,
            "publish_leitbild" => post("ags=05554").await,
            "make_link" => post(&format!("ags={AGS}&role=read&label={}", "x".repeat(500))).await,
            "withdraw_link" => post(&format!("ags={AGS}&link={NOBODY}")).await,
            "erase_person" => post(&format!("ags={AGS}&participant={NOBODY}")).await,
            "join_draft" => post("ags=05999").await,
            "import_profile" => post(&format!("ags={AGS}&text=&source=&date=")).await,
            "import_facts" => post("csv=").await,
            "set_phases" => post(&format!("phases[0][de]={}", "x".repeat(500))).await,
            other => panic!("docs/rights.md names {other}, which this test does not know"),
        }
    }
}

fn let_in(answer: &Answer) -> bool {
    let status = answer.status.as_u16();
    assert!(status < 500, "{status}: {}", answer.body);
    status != 401 && status != 403
}

/// A reply to a thread that does not exist.
fn deed() -> String {
    let deed = format!(r#"{{"reply":{{"thread":"{NOBODY}","comment":"{NOBODY}","text":"x"}}}}"#);
    deed.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Types over an open connection: saved, or refused.
async fn writes(line: Line) -> bool {
    let mut client = Client::start(u64::from(std::process::id()) << 8 | u64::from(fresh()), line).await;
    client.type_words("x").await;
    client
        .until("saved or refused", |client| {
            client.saved >= Some(2) || client.refused.is_some()
        })
        .await;
    client.refused.is_none()
}

/// Client ids belong to people, so each attempt has its own.
fn fresh() -> u8 {
    static NEXT: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(1);
    NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
}

fn rows() -> Vec<Row> {
    let cells = |line: &str| -> Vec<String> {
        let cells = line.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    let mut lines = TABLE.lines().filter(|line| line.starts_with('|')).map(cells);
    let head = lines.next().unwrap();
    lines
        .filter(|line| line[0].starts_with('`'))
        .map(|line| Row {
            call: line[0].trim_matches('`').to_owned(),
            cells: head
                .iter()
                .zip(&line)
                .skip(2)
                .map(|(who, cell)| {
                    let may = match cell.as_str() {
                        "yes" => true,
                        "–" => false,
                        other => panic!("{other} in the row of {}", line[0]),
                    };
                    (who.clone(), may)
                })
                .collect(),
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_cell_of_the_table_is_true() {
    let hall = Hall::new().await;
    let rows = rows();
    assert!(rows.len() > 20, "the table was not found");
    let mut wrong = Vec::new();
    for row in &rows {
        assert_eq!(row.cells.len(), Role::ALL.len() + 2, "{}", row.call);
        for (who, expected) in &row.cells {
            if hall.may(&row.call, hall.cookie(who)).await != *expected {
                wrong.push(format!("{}: {who}, and the table says {expected}", row.call));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_demotion_and_a_withdrawal_reach_open_connections() {
    let hall = Hall::new().await;
    let (_, cookie, link) = hall
        .people
        .iter()
        .find(|(role, ..)| *role == Role::Participate)
        .unwrap();
    let line = hall.connect(Some(cookie)).await.unwrap();
    let mut anna = Client::start(11, line).await;
    anna.type_words("vorher ").await;
    anna.until("saved", |anna| anna.saved == Some(2)).await;

    anna.until("named", |anna| !anna.people.is_empty()).await;
    let participant = anna.people[0].participant.clone();
    let facilitator = hall.cookie("facilitate");
    let form = format!("ags={AGS}&participant={participant}&role=suggest");
    let answer = hall.site.post("/api/set_person_role", facilitator, &form).await;
    assert!(answer.status.is_success(), "{}", answer.body);
    anna.until("told", |anna| anna.role == Some(Role::Suggest)).await;
    anna.type_words("nachher ").await;
    anna.until("refused", |anna| anna.refused.is_some()).await;
    let leitbild = hall.site.site.rooms().leitbild(&super::steinfurt()).await.unwrap();
    assert!(leitbild.title.contains("vorher ") && !leitbild.title.contains("nachher"));

    let form = format!("ags={AGS}&link={link}");
    let answer = hall
        .site
        .post("/api/withdraw_link", Some(&hall.coordinator), &form)
        .await;
    assert!(answer.status.is_success(), "{}", answer.body);
    assert_eq!(anna.until_closed().await, close::NOT_ALLOWED);
    assert!(hall.connect(Some(cookie)).await.is_err());
    assert!(!hall.may("open_editor", Some(cookie)).await);
}
