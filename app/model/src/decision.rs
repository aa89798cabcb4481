//! Decisions (Beschlüsse) on a Leitbild, and reading them from a form.

use serde::{Deserialize, Serialize};

/// Bodies that usually decide on a Leitbild; any other can be named.
pub const BODIES: [&str; 3] = ["Jugendhilfeausschuss", "Rat", "Kreistag"];
/// Longest name of a body, in characters.
pub const BODY_MAX_CHARS: usize = 120;
/// Longest number of a Vorlage, in characters.
pub const PAPER_MAX_CHARS: usize = 60;
/// The most votes of one kind: no council has as many members.
pub const VOTES_MAX: u32 = 1_000;
/// The earliest year of a decision: before, there were no such Leitbilder.
const FIRST_YEAR: u16 = 1990;

/// How a version was adopted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The body that decided.
    pub body: String,
    /// Number of the Vorlage; empty when it is not known.
    #[serde(default)]
    pub paper: String,
    /// Day of the decision, `YYYY-MM-DD`.
    pub date: String,
    #[serde(default)]
    pub votes: Votes,
}

/// Votes, as far as they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Votes {
    #[serde(default)]
    pub yes: Option<u32>,
    #[serde(default)]
    pub no: Option<u32>,
    /// Enthaltungen.
    #[serde(default)]
    pub abstained: Option<u32>,
    /// Befangen: members who took no part because they are concerned themselves.
    #[serde(default)]
    pub biased: Option<u32>,
}

/// A decision as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionForm {
    /// One of [`BODIES`], or empty for [`Self::other_body`].
    #[serde(default)]
    pub body: String,
    #[serde(default)]
    pub other_body: String,
    #[serde(default)]
    pub paper: String,
    #[serde(default)]
    pub date: String,
    #[serde(default)]
    pub yes: String,
    #[serde(default)]
    pub no: String,
    #[serde(default)]
    pub abstained: String,
    #[serde(default)]
    pub biased: String,
}

/// What is wrong with a [`DecisionForm`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionMistake {
    /// No body is named.
    NoBody,
    /// One body is chosen and another one named.
    TwoBodies,
    /// The name of the body is too long.
    LongBody,
    /// The number of the Vorlage is too long.
    LongPaper,
    /// No day, or none that exists.
    NoDate,
    /// A day that has not come yet, or from long ago.
    OddDate,
    /// Votes that are no number or far too many.
    NoVotes(Vote),
}

/// Which votes are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vote {
    Yes,
    No,
    Abstained,
    Biased,
}

impl Votes {
    /// Is nothing known?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl DecisionForm {
    /// Reads what was typed. `today` (`YYYY-MM-DD`) is the last day that can be meant.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the form.
    pub fn read(&self, today: &str) -> Result<Decision, Vec<DecisionMistake>> {
        let mut mistakes = Vec::new();
        let (chosen, named) = (tidy(&self.body), tidy(&self.other_body));
        if !chosen.is_empty() && !named.is_empty() && chosen != named {
            mistakes.push(DecisionMistake::TwoBodies);
        }
        let body = if chosen.is_empty() { named } else { chosen };
        if body.is_empty() {
            mistakes.push(DecisionMistake::NoBody);
        } else if body.chars().count() > BODY_MAX_CHARS {
            mistakes.push(DecisionMistake::LongBody);
        }
        let paper = tidy(&self.paper);
        if paper.chars().count() > PAPER_MAX_CHARS {
            mistakes.push(DecisionMistake::LongPaper);
        }
        let date = self.date.trim();
        match year_of(date) {
            None => mistakes.push(DecisionMistake::NoDate),
            // Days in this form sort as text.
            Some(year) if year < FIRST_YEAR || date > today => mistakes.push(DecisionMistake::OddDate),
            Some(_) => {}
        }
        let mut votes = |text: &str, vote| {
            let text = text.trim();
            if text.is_empty() {
                return None;
            }
            let votes = text.parse().ok().filter(|votes| *votes <= VOTES_MAX);
            if votes.is_none() {
                mistakes.push(DecisionMistake::NoVotes(vote));
            }
            votes
        };
        let votes = Votes {
            yes: votes(&self.yes, Vote::Yes),
            no: votes(&self.no, Vote::No),
            abstained: votes(&self.abstained, Vote::Abstained),
            biased: votes(&self.biased, Vote::Biased),
        };
        if mistakes.is_empty() {
            Ok(Decision {
                body,
                paper,
                date: date.to_owned(),
                votes,
            })
        } else {
            Err(mistakes)
        }
    }
}

/// The year of a day `YYYY-MM-DD`; none when there is no such day.
fn year_of(date: &str) -> Option<u16> {
    let digits = |range: std::ops::Range<usize>| -> Option<u16> {
        let text = date.get(range)?;
        text.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| text.parse().ok())?
    };
    let (year, month, day) = (digits(0..4)?, digits(5..7)?, digits(8..10)?);
    let dashes = date.len() == 10 && &date[4..5] == "-" && &date[7..8] == "-";
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return None,
    };
    (dashes && (1..=days).contains(&day)).then_some(year)
}

/// Words with single blanks and without control characters.
fn tidy(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: &str = "2026-03-12";

    fn form() -> DecisionForm {
        DecisionForm {
            body: "Rat".to_owned(),
            date: "2026-03-10".to_owned(),
            ..DecisionForm::default()
        }
    }

    #[test]
    fn body_and_day_are_enough() {
        let decision = form().read(TODAY).unwrap();
        assert_eq!((decision.body.as_str(), decision.paper.as_str()), ("Rat", ""));
        assert!(decision.votes.is_empty());
        // Every field always, or pages that travel packed could not be read.
        let json = serde_json::to_string(&decision).unwrap();
        let votes = r#"{"yes":null,"no":null,"abstained":null,"biased":null}"#;
        assert_eq!(
            json,
            format!(r#"{{"body":"Rat","paper":"","date":"2026-03-10","votes":{votes}}}"#)
        );
        // As it was stored before, and as it is.
        for stored in [r#"{"body":"Rat","date":"2026-03-10"}"#, &json] {
            assert_eq!(serde_json::from_str::<Decision>(stored).unwrap(), decision);
        }
    }

    #[test]
    fn everything_known_is_kept_and_tidied() {
        let decision = DecisionForm {
            body: " ".to_owned(),
            other_body: "  Ausschuss\tfür  Soziales ".to_owned(),
            paper: " V/2026-0041 ".to_owned(),
            yes: " 31 ".to_owned(),
            no: "0".to_owned(),
            biased: "1".to_owned(),
            ..form()
        };
        let decision = decision.read(TODAY).unwrap();
        assert_eq!(decision.body, "Ausschuss für Soziales");
        assert_eq!(decision.paper, "V/2026-0041");
        let votes = decision.votes;
        assert_eq!(
            (votes.yes, votes.no, votes.abstained, votes.biased),
            (Some(31), Some(0), None, Some(1))
        );
    }

    #[test]
    fn every_mistake_is_named() {
        let wrong = DecisionForm {
            other_body: "x".repeat(BODY_MAX_CHARS + 1),
            paper: "x".repeat(PAPER_MAX_CHARS + 1),
            date: "2026-02-29".to_owned(),
            yes: "-1".to_owned(),
            no: "viele".to_owned(),
            abstained: "1001".to_owned(),
            biased: "1.5".to_owned(),
            ..DecisionForm::default()
        };
        assert_eq!(
            wrong.read(TODAY),
            Err(vec![
                DecisionMistake::LongBody,
                DecisionMistake::LongPaper,
                DecisionMistake::NoDate,
                DecisionMistake::NoVotes(Vote::Yes),
                DecisionMistake::NoVotes(Vote::No),
                DecisionMistake::NoVotes(Vote::Abstained),
                DecisionMistake::NoVotes(Vote::Biased),
            ])
        );
        assert_eq!(
            DecisionForm::default().read(TODAY),
            Err(vec![DecisionMistake::NoBody, DecisionMistake::NoDate])
        );
    }

    #[test]
    fn a_body_that_is_named_beside_another_is_not_passed_over() {
        let named = |other_body: &str| {
            DecisionForm {
                other_body: other_body.to_owned(),
                ..form()
            }
            .read(TODAY)
            .map(|decision| decision.body)
        };
        assert_eq!(named("Ausschuss für Soziales"), Err(vec![DecisionMistake::TwoBodies]));
        // The same one twice, or nothing but blanks.
        for other in [" Rat ", "  "] {
            assert_eq!(named(other).as_deref(), Ok("Rat"));
        }
    }

    #[test]
    fn only_days_that_were_count() {
        let on = |date: &str| {
            DecisionForm {
                date: date.to_owned(),
                ..form()
            }
            .read(TODAY)
            .map(|decision| decision.date)
        };
        for date in ["2026-03-12", "2024-02-29", "1990-01-01"] {
            assert_eq!(on(date).as_deref(), Ok(date));
        }
        for date in ["2026-03-13", "1989-12-31", "0000-01-01"] {
            assert_eq!(on(date), Err(vec![DecisionMistake::OddDate]), "{date}");
        }
        for date in [
            "",
            "12.03.2026",
            "2026-13-01",
            "2026-04-31",
            "2026-3-12",
            "2026-03-1ä",
            "+026-03-12",
        ] {
            assert_eq!(on(date), Err(vec![DecisionMistake::NoDate]), "{date}");
        }
    }
}
