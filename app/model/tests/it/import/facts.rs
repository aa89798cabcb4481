//! Tables of facts.

use std::{env, fs, path::Path};

use model::{
    fact::FactKey,
    import::{ImportError, Lang, MAX_ERRORS, Reason, facts},
};

fn errors(csv: &str) -> Vec<(Option<u32>, Reason)> {
    facts::parse(csv)
        .expect_err(csv)
        .into_iter()
        .map(|error| (error.line, error.reason))
        .collect()
}

fn values(csv: &str) -> Vec<(u32, String, FactKey, String, String, String)> {
    let row = |found: model::import::Found<model::fact::Fact>| {
        let fact = found.value;
        (
            found.line,
            fact.ags.to_string(),
            fact.key,
            fact.value,
            fact.source,
            fact.date,
        )
    };
    facts::parse(csv).expect(csv).into_iter().map(row).collect()
}

#[test]
fn separators_names_and_marks_of_office_programs() {
    let expected = [
        (
            2,
            "05515".into(),
            FactKey::Inhabitants,
            "320000".into(),
            "Amt, Stelle".into(),
            "2022-12-31".into(),
        ),
        (
            4,
            "05566008".into(),
            FactKey::AreaKm2,
            "112.06".into(),
            "Amt".into(),
            String::new(),
        ),
    ];
    for csv in [
        "ags,key,value,source,date\n05515,inhabitants,320.000,\"Amt, Stelle\",2022-12-31\n\n05566008,area_km2,\"112,06\",Amt,\n",
        "\u{feff}AGS;Angabe;Wert;Quelle;Stand\r\n05515;inhabitants;320 000;Amt, Stelle;2022-12-31\r\n;;;;\r\n05566008;area_km2;112,06;Amt;\r\n",
        "date\tkey\tvalue\tags\tsource\n2022-12-31\tinhabitants\t320000\t05515\tAmt, Stelle\n\n\tarea_km2\t112.06\t05566008\tAmt",
    ] {
        assert_eq!(values(csv), expected, "{csv:?}");
    }
}

#[test]
fn every_key_takes_its_form() {
    let csv = "ags,key,value,source,date\n05515,joined,2012,S,\n05515,under_18,48.000,S,2022\n05515,website,www.example.org,S,\n\
               05515,contact_email,post@example.org,S,\n05515,contact_address,\"Weg 1\n00000 Ort\",S,\n05515,member,Mitglied,S,\n";
    let found: Vec<_> = values(csv).into_iter().map(|row| (row.0, row.3)).collect();
    let expected = [
        (2, "2012"),
        (3, "48000"),
        (4, "https://www.example.org"),
        (5, "post@example.org"),
        (6, "Weg 1\n00000 Ort"),
        (8, "Mitglied"),
    ];
    assert_eq!(found, expected.map(|(line, value)| (line, value.to_owned())));
}

#[test]
fn every_error_is_named_with_its_line_and_nothing_is_imported() {
    let csv = "ags,key,value,source,date\n05515,inhabitants,1,S,2022\n5515,inhabitants,1,S,2022\n05515,einwohner,1,S,2022\n\
               05515,inhabitants,viele,S,2022\n05515,inhabitants,,S,2022\n05515,inhabitants,1,,2022\n05515,inhabitants,1,S,31.12.2022\n\
               05515,inhabitants,2,S,2022\n05515,joined,12,S,\n05515,area_km2,1.2.3,S,\n05515,contact_email,post,S,\n\
               05515,website,javascript:x,S,\n05515,quote,a,S\n05515,inhabitants,1,S,2023-02-29\n05515,quote,\"a\nb\",S,2022\n";
    assert_eq!(
        errors(csv),
        [
            (Some(3), Reason::Ags("5515".into())),
            (Some(4), Reason::UnknownKey("einwohner".into())),
            (Some(5), Reason::WholeNumber("viele".into())),
            (Some(6), Reason::MissingValue),
            (Some(7), Reason::MissingSource),
            (Some(8), Reason::Date("31.12.2022".into())),
            (Some(9), Reason::Duplicate { first_line: 2 }),
            (Some(10), Reason::Year("12".into())),
            (Some(11), Reason::Decimal("1.2.3".into())),
            (Some(12), Reason::Email("post".into())),
            (Some(13), Reason::WebAddress("javascript:x".into())),
            (Some(14), Reason::FieldCount { expected: 5, found: 4 }),
            (Some(15), Reason::Date("2023-02-29".into())),
            (Some(16), Reason::LineBreak),
        ]
    );
    let error = &facts::parse(csv).expect_err("errors")[0];
    assert_eq!(
        error.message(Lang::De),
        "Zeile 3: „5515“ ist kein AGS; ein AGS hat fünf oder acht Ziffern."
    );
    assert_eq!(
        error.message(Lang::En),
        "Line 3: “5515” is not an AGS; an AGS has five or eight digits."
    );
}

#[test]
fn sources_may_disagree_and_speak_at_several_dates() {
    let csv = "ags,key,value,source,date\n05566,joined,2012,Profil,\n05566,joined,2017,Presse,2017-01-11\n05566,joined,2017,Profil,2020\n";
    assert_eq!(values(csv).len(), 3);
}

#[test]
fn dates_are_iso_or_empty() {
    for (date, good) in [
        ("2024", true),
        ("2024-02", true),
        ("2024-02-29", true),
        ("", true),
        ("2023-02-29", false),
        ("2024-13", false),
        ("2024-1", false),
        ("24", false),
        ("2024-00-01", false),
        ("2024-04-31", false),
        ("2024-04-00", false),
        ("1.4.2024", false),
        ("2024-04-01T00:00", false),
        ("+024", false),
    ] {
        assert_eq!(facts::check_date(date).is_ok(), good, "{date}");
    }
}

#[test]
fn the_first_line_is_checked_before_the_rows() {
    assert_eq!(errors(""), [(None, Reason::Empty)]);
    assert_eq!(
        errors("ags,key,value,Note,wert\n1,2,3,4,5\n"),
        [
            (Some(1), Reason::RepeatedColumn("value".into())),
            (Some(1), Reason::MissingColumn("source")),
            (Some(1), Reason::MissingColumn("date")),
            (Some(1), Reason::UnknownColumn("note".into())),
        ]
    );
    assert!(values("ags,key,value,source,date\n").is_empty());
}

#[test]
fn an_unclosed_quotation_mark_is_an_error_and_not_a_loss() {
    let found =
        errors("ags,key,value,source,date\n05515,quote,\"offen,S,2022\n05515,joined,2012,S,\n05515,joined,2013,T,\n");
    assert_eq!(found, [(Some(2), Reason::FieldCount { expected: 5, found: 3 })]);
}

#[test]
fn many_errors_are_counted() {
    let csv = format!(
        "ags,key,value,source,date\n{}",
        "x,joined,2012,S,\n".repeat(MAX_ERRORS + 7)
    );
    let found = errors(&csv);
    assert_eq!(found.len(), MAX_ERRORS + 1);
    assert_eq!(found.last(), Some(&(None, Reason::More { count: 7 })));
    for (count, german, english) in [
        (1, "Dazu kommt 1 weiterer Fehler.", "There is 1 further error."),
        (2, "Dazu kommen 2 weitere Fehler.", "There are 2 further errors."),
    ] {
        let error = ImportError::file(Reason::More { count });
        assert_eq!(
            (error.message(Lang::De).as_str(), error.message(Lang::En).as_str()),
            (german, english)
        );
    }
}

#[test]
fn an_area_that_can_be_read_in_two_ways_is_refused() {
    let table =
        |area: &str| format!("ags;key;value;source;date\n05515;inhabitants;445.000;S;\n05515;area_km2;{area};S;\n");
    for area in ["1.796", "12.500", "303.280"] {
        assert_eq!(errors(&table(area)), [(Some(3), Reason::Decimal(area.to_owned()))]);
    }
    for (area, value) in [
        ("1796", "1796"),
        ("1,796", "1.796"),
        ("0.796", "0.796"),
        ("303.28", "303.28"),
        ("1796.125", "1796.125"),
    ] {
        assert_eq!(values(&table(area))[1].3, value);
    }
    // Where a program wrote the table, a point is a point.
    let wide = "ags,population,pop_year,area_km2,source\n05515,445000,2022,303.285,S\n";
    let found = facts::from_wide_csv(wide).expect("facts");
    assert_eq!(found[1].value.value, "303.285");
}

#[test]
fn a_wide_table_gives_inhabitants_and_area() {
    let csv = "ags,name,lat,population,pop_year,area_km2,source\n05515,Ort,51.9,320946,2022,303.28,\"Amt, Stelle\"\n05566008,Ort,52.1,,2022,112.06,Amt\n";
    let found: Vec<_> = facts::from_wide_csv(csv)
        .expect("facts")
        .into_iter()
        .map(|found| found.value)
        .collect();
    let rows: Vec<_> = found
        .iter()
        .map(|fact| (fact.ags.as_str(), fact.key, fact.value.as_str(), fact.date.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            ("05515", FactKey::Inhabitants, "320946", "2022"),
            ("05515", FactKey::AreaKm2, "303.28", "2022"),
            ("05566008", FactKey::AreaKm2, "112.06", "2022"),
        ]
    );
    assert_eq!(found[0].source, "Amt, Stelle");
}

#[test]
fn a_real_wide_table_is_read_when_it_lies_beside_the_given_folder() {
    let Some(folder) = env::var_os("LEITNETZ_SEEDS") else {
        println!("LEITNETZ_SEEDS is not set: no real table was tested.");
        return;
    };
    let Ok(csv) = fs::read_to_string(Path::new(&folder).join("../nrw-facts.csv")) else {
        println!("No nrw-facts.csv beside the folder that LEITNETZ_SEEDS names: no real table was tested.");
        return;
    };
    let found = facts::from_wide_csv(&csv).expect("facts");
    assert_eq!(found.len(), 2 * 449);
    assert!(
        found
            .iter()
            .all(|found| !found.value.source.is_empty() && found.value.date.len() == 4)
    );
}
